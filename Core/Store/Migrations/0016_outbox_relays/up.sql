-- One process at a time relays a worker's leftover outbox rows: it holds the worker's row until
-- lease_until, and no transaction while it publishes.
create table outbox_relays (
    worker text primary key,
    holder uuid not null,
    lease_until timestamptz not null
);
