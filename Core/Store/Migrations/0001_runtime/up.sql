-- What the worker runtime keeps: where each worker stands, what it still owes the broker, what it
-- could not process, and who did what by hand.

create table consumer_offsets (
    worker text not null,
    topic text not null,
    partition integer not null,
    next_offset bigint not null check (next_offset >= 0),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (worker, topic, partition)
);

create table outbox (
    outbox_id bigint generated always as identity primary key,
    worker text not null,
    sources text[] not null,
    events bytea not null,
    event_count integer not null check (event_count > 0),
    created_at timestamptz not null default clock_timestamp()
);
create index outbox_worker on outbox (worker, outbox_id);

create table dead_letters (
    dead_letter_id uuid primary key,
    worker text not null,
    origin_topic text not null,
    origin_partition integer not null,
    origin_offset bigint not null,
    record_key bytea,
    record_value bytea not null,
    record_headers bytea not null,
    reason text not null,
    error text not null,
    replay_count integer not null default 0,
    status text not null default 'open' check (status in ('open', 'replayed', 'discarded')),
    created_at timestamptz not null,
    handled_at timestamptz,
    handled_by text,
    unique (worker, origin_topic, origin_partition, origin_offset)
);
create index dead_letters_open on dead_letters (created_at, dead_letter_id) where status = 'open';
create index dead_letters_topic on dead_letters (origin_topic, created_at, dead_letter_id);

create table audit_log (
    audit_id bigint generated always as identity primary key,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null default '',
    remote_ip text,
    at timestamptz not null
);
create index audit_log_at on audit_log (at);

-- Facts of this installation; 'play_clock' marks a database made for a played day.
create table installation (
    name text primary key,
    value text not null
);
