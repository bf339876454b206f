-- A refund is keyed by its order and its request number: the numbers of refunds made in the
-- channel's console are unique within a trade only.
alter table refunds drop constraint refunds_pkey;
alter table refunds add primary key (order_no, refund_no);
drop index refunds_order;

-- The platform requests refunds too: of payments that came after the order was closed.
alter table refunds drop constraint refunds_origin_check;
alter table refunds add constraint refunds_origin_check
    check (origin in ('merchant', 'channel', 'late_payment'));
create unique index refunds_requested_no on refunds (refund_no) where origin <> 'channel';

-- The largest sum of refunds that the channel has reported. It makes and sizes no refund; above
-- refunded_fen, a refund is missing here.
alter table orders add column reported_refund_fen bigint not null default 0;

-- Numbers of refunds that the channel has reported and that no answer has proven yet.
create table refund_reports (
    report_id bigint generated always as identity primary key,
    order_no text not null references orders,
    refund_no text not null,
    status text not null default 'open' check (status in ('open', 'proven', 'unconfirmed')),
    reported_at timestamptz not null,
    next_attempt_at timestamptz,
    attempt integer not null default 0,
    lease_until timestamptz,
    unique (order_no, refund_no),
    check (status = 'open' or next_attempt_at is null)
);
create index refund_reports_due on refund_reports (next_attempt_at)
    where next_attempt_at is not null;
create index refund_reports_unconfirmed on refund_reports (reported_at)
    where status = 'unconfirmed';
