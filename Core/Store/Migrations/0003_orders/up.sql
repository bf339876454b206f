-- An order, what happened to it, what was given back, whom we told, and what we asked.

-- round_half_up(amount x rate), the same as Payments.Rate.fee(on:).
create function fee_fen(amount_fen bigint, rate_ppm integer) returns bigint
    language sql immutable parallel safe
    return (amount_fen * rate_ppm + 500000) / 1000000;

-- What each agent of a chain gets of an amount, from the top: rates are channel, agents, merchant.
create function agent_shares_fen(amount_fen bigint, rates_ppm integer[]) returns bigint[]
    language sql immutable parallel safe
    return array(
        select fee_fen(amount_fen, rates_ppm[k + 1]) - fee_fen(amount_fen, rates_ppm[k])
        from generate_series(2, cardinality(rates_ppm) - 1) as k order by k);

create table orders (
    order_no text primary key,
    merchant_no text not null,
    merchant_order_no text not null,
    product text not null check (product in ('PC', 'WAP', 'APP')),
    amount_fen bigint not null check (amount_fen between 1 and 10000000000),
    subject text not null,
    notify_url text,
    return_url text,
    client_ip text,
    attach text,
    content_digest bytea not null,
    channel text not null,
    app_id text not null,
    seller_id text not null,
    chain_party_nos text[] not null,
    chain_rates_ppm integer[] not null,
    merchant_fee_fen bigint not null,
    channel_fee_fen bigint not null,
    agent_share_fen bigint not null,
    platform_share_fen bigint not null,
    status text not null check (status in
        ('accepted', 'paying', 'paid', 'partially_refunded', 'refunded', 'closed')),
    refunded_fen bigint not null default 0 check (refunded_fen between 0 and amount_fen),
    is_late boolean not null default false,
    version integer not null default 1,
    channel_trade_no text,
    submission_id uuid not null,
    traceparent text,
    accepted_at timestamptz not null,
    expires_at timestamptz not null,
    paid_at timestamptz,
    closed_at timestamptz,
    close_requested_at timestamptz,
    next_inquiry_at timestamptz,
    inquiry_attempt integer not null default 0,
    inquiry_lease_until timestamptz,
    matched_statement_id text,
    matched_day date,
    settlement_id text,
    unique (merchant_no, merchant_order_no),
    check (merchant_fee_fen = channel_fee_fen + agent_share_fen + platform_share_fen)
);
create index orders_inquiry on orders (next_inquiry_at) where next_inquiry_at is not null;
create index orders_unmatched on orders (paid_at)
    where paid_at is not null and matched_day is null;
create index orders_to_settle on orders (merchant_no)
    where matched_day is not null and settlement_id is null;

create table order_events (
    order_no text not null,
    version integer not null,
    event_id uuid not null,
    event_type text not null,
    origin text not null,
    detail text not null default '',
    at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (order_no, version)
);

create table order_rejections (
    submission_id uuid primary key,
    order_no text not null,
    merchant_no text not null,
    merchant_order_no text not null,
    code text not null,
    detail text not null,
    http_status integer not null,
    rejected_at timestamptz not null
);
create index order_rejections_order on order_rejections (merchant_no, merchant_order_no);

create table refunds (
    refund_no text primary key,
    order_no text not null references orders,
    merchant_no text not null,
    merchant_refund_no text,
    amount_fen bigint not null check (amount_fen > 0),
    reason text not null default '',
    origin text not null check (origin in ('merchant', 'channel')),
    status text not null check (status in ('requested', 'succeeded', 'failed')),
    failure text,
    refunded_before_fen bigint,
    merchant_fee_fen bigint not null default 0,
    channel_fee_fen bigint not null default 0,
    agent_share_fen bigint not null default 0,
    platform_share_fen bigint not null default 0,
    requested_at timestamptz not null,
    completed_at timestamptz,
    next_attempt_at timestamptz,
    attempt integer not null default 0,
    lease_until timestamptz,
    matched_statement_id text,
    matched_day date,
    settlement_id text,
    unique (merchant_no, merchant_refund_no),
    check (merchant_fee_fen = channel_fee_fen + agent_share_fen + platform_share_fen)
);
create index refunds_order on refunds (order_no);
create index refunds_due on refunds (next_attempt_at) where next_attempt_at is not null;
create index refunds_unmatched on refunds (completed_at)
    where status = 'succeeded' and matched_day is null;
create index refunds_to_settle on refunds (merchant_no)
    where matched_day is not null and settlement_id is null;

create table deliveries (
    delivery_id uuid primary key,
    order_no text not null,
    party_no text not null,
    event_type text not null,
    refund_no text not null default '',
    url text not null,
    receiver text not null,
    payload text not null,
    status text not null default 'pending'
        check (status in ('pending', 'acknowledged', 'exhausted')),
    attempt integer not null default 0,
    next_attempt_at timestamptz,
    lease_until timestamptz,
    created_at timestamptz not null,
    acknowledged_at timestamptz,
    unique (order_no, event_type, refund_no, party_no)
);
create index deliveries_due on deliveries (next_attempt_at) where next_attempt_at is not null;

create table delivery_attempts (
    delivery_id uuid not null,
    attempt integer not null,
    http_status integer,
    error text,
    duration_ms integer not null,
    at timestamptz not null,
    primary key (delivery_id, attempt)
);

create table inquiries (
    order_no text not null,
    attempt integer not null,
    method text not null,
    refund_no text not null default '',
    answer text not null,
    at timestamptz not null,
    primary key (order_no, method, refund_no, attempt)
);
