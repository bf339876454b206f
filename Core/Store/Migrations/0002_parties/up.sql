-- The platform, its agents, their merchants; what each may sell, at which rate, signed how.

create table parties (
    party_no text primary key,
    kind text not null check (kind in ('platform', 'agent', 'merchant')),
    parent_no text references parties,
    name text not null,
    status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
    callback_url text,
    requires_agent_signatures boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    check ((kind = 'platform') = (parent_no is null))
);
create index parties_parent on parties (parent_no);

-- The platform's own row of a product is what the channel charges it.
create table rates (
    party_no text not null references parties,
    product text not null check (product in ('PC', 'WAP', 'APP')),
    rate_ppm integer not null check (rate_ppm between 0 and 1000000),
    effective_from timestamptz not null,
    primary key (party_no, product, effective_from)
);

create table signing_keys (
    party_no text not null references parties,
    key_version integer not null check (key_version > 0),
    sign_type text not null check (sign_type in ('MD5', 'HMAC-SHA256', 'RSA2')),
    secret_sealed bytea,
    public_key_pem text,
    valid_from timestamptz not null default clock_timestamp(),
    retired_at timestamptz,
    primary key (party_no, sign_type, key_version),
    check ((sign_type = 'RSA2') = (public_key_pem is not null)),
    check ((sign_type = 'RSA2') = (secret_sealed is null))
);

create table settlement_cards (
    party_no text primary key references parties,
    payee_name_sealed bytea not null,
    card_no_sealed bytea not null,
    card_no_masked text not null
);

-- Counts every change to what a worker may have cached of parties, rates and keys.
create table directory_version (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);
insert into directory_version (version) values (1);

create function directory_changed() returns trigger language plpgsql as $$
begin
    update directory_version set version = version + 1;
    return null;
end $$;

create trigger parties_changed after insert or update or delete or truncate on parties
    for each statement execute function directory_changed();
create trigger rates_changed after insert or update or delete or truncate on rates
    for each statement execute function directory_changed();
create trigger signing_keys_changed after insert or update or delete or truncate on signing_keys
    for each statement execute function directory_changed();
