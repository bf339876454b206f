create table master_key (
    is_only boolean primary key default true check (is_only),
    canary_sealed bytea not null,
    sealed_at timestamptz not null default clock_timestamp()
);

comment on table master_key is
    'A value that every role opens at its start: another master key than this database''s is noticed '
    'before any record is processed with it.';
