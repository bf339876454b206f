-- The body is made when an attempt is sent; what is stored is which event it is about.
alter table deliveries alter column payload drop not null;
alter table deliveries add column event_id uuid;
-- The attempts before an operator sent it again: the retry schedule begins after them.
alter table deliveries add column resent_after integer not null default 0;

-- One probe finds a receiver's oldest due row, however many rows it or another receiver has.
create index if not exists deliveries_party_due on deliveries (party_no, next_attempt_at)
    where next_attempt_at is not null;
drop index deliveries_due;

-- When the party first signed with the key: from then on deliveries are signed with it.
alter table signing_keys add column first_used_at timestamptz;
update signing_keys set first_used_at = valid_from where retired_at is null;

-- The platform's own keys: they sign what goes to a party whose keys are all public ones.
create table platform_keys (
    key_version integer primary key check (key_version > 0),
    private_key_sealed bytea not null,
    public_key_pem text not null,
    valid_from timestamptz not null,
    valid_until timestamptz
);
