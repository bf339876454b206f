-- What each merchant is owed, how it was paid, and the double-entry books behind it.

create table settlements (
    settlement_id text primary key,
    reconciliation_id text not null references reconciliations,
    merchant_no text not null references parties,
    day date not null,
    order_count integer not null,
    refund_count integer not null,
    gross_fen bigint not null,
    refunded_fen bigint not null,
    merchant_fee_fen bigint not null,
    channel_fee_fen bigint not null,
    agent_share_fen bigint not null,
    platform_share_fen bigint not null,
    carried_in_fen bigint not null default 0,
    net_fen bigint not null,
    carried_to text,
    settled_at timestamptz not null,
    unique (reconciliation_id, merchant_no),
    check (net_fen = gross_fen - refunded_fen - merchant_fee_fen + carried_in_fen),
    check (merchant_fee_fen = channel_fee_fen + agent_share_fen + platform_share_fen)
);
create index settlements_merchant on settlements (merchant_no, day);

-- refund_no is '' for the order itself: an order, and each refund of it, is settled at most once.
create table settlement_items (
    order_no text not null references orders,
    refund_no text not null default '',
    settlement_id text not null references settlements,
    amount_fen bigint not null,
    merchant_fee_fen bigint not null,
    channel_fee_fen bigint not null,
    agent_shares_fen bigint[] not null,
    platform_share_fen bigint not null,
    primary key (order_no, refund_no)
);
create index settlement_items_settlement on settlement_items (settlement_id);

create table payouts (
    payout_no text primary key,
    settlement_id text not null unique references settlements,
    merchant_no text not null references parties,
    amount_fen bigint not null check (amount_fen > 0),
    status text not null check (status in ('requested', 'processing', 'succeeded', 'failed')),
    bank_ref text,
    reason text,
    requested_at timestamptz not null,
    completed_at timestamptz,
    next_attempt_at timestamptz,
    attempt integer not null default 0,
    lease_until timestamptz
);
create index payouts_due on payouts (next_attempt_at) where next_attempt_at is not null;

create table accounts (
    account text primary key,
    kind text not null check (kind in ('channel_receivable', 'merchant_payable', 'agent_payable',
        'platform_revenue', 'payout_in_transit', 'bank')),
    party_no text references parties
);

create table journals (
    journal_id bigint generated always as identity primary key,
    kind text not null check (kind in
        ('settlement', 'payout_requested', 'payout_succeeded', 'payout_failed')),
    reference text not null,
    posted_at timestamptz not null,
    unique (kind, reference)
);

-- Debits are positive, credits negative; a journal's entries add up to zero.
create table journal_entries (
    journal_id bigint not null references journals,
    account text not null references accounts,
    amount_fen bigint not null check (amount_fen <> 0),
    primary key (journal_id, account)
);
create index journal_entries_account on journal_entries (account);

create function journal_balances() returns trigger language plpgsql as $$
begin
    if exists (select from journal_entries where journal_id = new.journal_id
               having coalesce(sum(amount_fen), 0) <> 0) then
        raise exception 'journal % does not balance', new.journal_id;
    end if;
    return null;
end $$;

create constraint trigger journal_entries_balance after insert or update on journal_entries
    deferrable initially deferred for each row execute function journal_balances();
