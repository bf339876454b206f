-- What people decided on differences. Above the limit of its time a second person approves it.
create table difference_resolutions (
    resolution_id bigint generated always as identity primary key,
    difference_id bigint not null references differences,
    action text not null check (action in ('accept', 'write_off', 'dismiss')),
    reason text not null
        check (reason in ('channel_error', 'our_error', 'not_ours', 'rounding', 'other')),
    comment text not null check (length(comment) <= 1000 and (reason <> 'other' or comment <> '')),
    stake_fen bigint not null check (stake_fen >= 0),
    adjustment_fen bigint not null check (action <> 'dismiss' or adjustment_fen = 0),
    limit_fen bigint not null check (limit_fen >= 0),
    made_by text not null references users,
    made_at timestamptz not null,
    status text not null check (status in ('proposed', 'applied', 'refused')),
    decided_by text references users,
    decided_at timestamptz,
    check (decided_by <> made_by),
    check ((decided_by is null) = (decided_at is null)),
    check ((status = 'refused') <= (decided_by is not null)),
    check (status <> 'proposed' or decided_by is null),
    check (status <> 'applied' or stake_fen <= limit_fen or decided_by is not null)
);
-- A difference has one decision that waits or holds.
create unique index difference_resolutions_one on difference_resolutions (difference_id)
    where status <> 'refused';

create index differences_order on differences (order_no);

alter table journals drop constraint journals_kind_check;
alter table journals add constraint journals_kind_check check (kind in
    ('settlement', 'payout_requested', 'payout_succeeded', 'payout_failed', 'difference_resolved',
     'difference_reversed'));
alter table accounts drop constraint accounts_kind_check;
alter table accounts add constraint accounts_kind_check check (kind in
    ('channel_receivable', 'merchant_payable', 'agent_payable', 'platform_revenue',
     'payout_in_transit', 'reconciliation_difference', 'bank'));
