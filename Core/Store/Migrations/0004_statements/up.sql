-- The channel's statements, and what comparing them with our orders told.

create table statements (
    statement_id text primary key,
    channel text not null,
    account text not null,
    day date not null,
    content_sha256 bytea not null,
    status text not null check (status in ('importing', 'complete')),
    line_count integer not null,
    trade_count integer not null,
    trade_total_fen bigint not null,
    refund_count integer not null,
    refund_total_fen bigint not null,
    imported_at timestamptz not null,
    completed_at timestamptz
);
create index statements_day on statements (channel, day);

-- When the channel is asked for a day's statement; next_attempt_at is null once it is here.
create table statement_fetches (
    channel text not null,
    day date not null,
    next_attempt_at timestamptz,
    attempt integer not null default 0,
    lease_until timestamptz,
    last_answer text not null default '',
    primary key (channel, day)
);
create index statement_fetches_due on statement_fetches (next_attempt_at)
    where next_attempt_at is not null;

create table statement_lines (
    statement_id text not null references statements,
    line_no integer not null,
    kind text not null check (kind in ('trade', 'refund')),
    channel_trade_no text not null,
    order_no text not null,
    refund_no text not null default '',
    amount_fen bigint not null,
    fee_fen bigint not null,
    created_at timestamptz not null,
    completed_at timestamptz not null,
    subject text not null,
    primary key (statement_id, line_no)
);
create index statement_lines_order on statement_lines (order_no);

create table reconciliations (
    reconciliation_id text primary key,
    channel text not null,
    day date not null,
    statement_id text not null unique references statements,
    matched integer not null,
    platform_only integer not null,
    channel_only integer not null,
    amount_mismatch integer not null,
    status_mismatch integer not null,
    fee_mismatch integer not null,
    duplicate integer not null,
    completed_at timestamptz not null
);
create index reconciliations_day on reconciliations (channel, day);

create table differences (
    difference_id bigint generated always as identity primary key,
    channel text not null,
    day date not null,
    statement_id text not null references statements,
    line_no integer,
    kind text not null check (kind in ('platform_only', 'channel_only', 'amount_mismatch',
        'status_mismatch', 'fee_mismatch', 'duplicate')),
    line_kind text not null check (line_kind in ('trade', 'refund')),
    order_no text not null,
    refund_no text not null default '',
    platform_amount_fen bigint,
    channel_amount_fen bigint,
    platform_fee_fen bigint,
    channel_fee_fen bigint,
    status text not null default 'open' check (status in ('open', 'resolved', 'escalated')),
    resolution text,
    opened_at timestamptz not null,
    resolved_at timestamptz
);
create unique index differences_once
    on differences (statement_id, kind, line_kind, order_no, refund_no, coalesce(line_no, 0));
create index differences_open on differences (channel, day) where status <> 'resolved';
