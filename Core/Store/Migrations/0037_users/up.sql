create table users (
    user_no text primary key,
    login text not null unique check (login = lower(login) and length(login) between 3 and 64),
    role text not null check (role in (
        'super_admin', 'operator', 'reviewer', 'finance', 'support', 'agent_admin', 'agent_staff',
        'merchant')),
    party_no text references parties (party_no),
    password_hash text not null,
    is_password_temporary boolean not null default true,
    code_secret_sealed bytea,
    last_code_step bigint not null default 0,
    failed_attempts integer not null default 0 check (failed_attempts between 0 and 9),
    locked_until timestamptz,
    status text not null default 'active' check (status in ('active', 'disabled')),
    created_at timestamptz not null,
    created_by text not null,
    -- A user of the platform sees every party, any other its own subtree alone.
    check ((party_no is null) = (role not in ('agent_admin', 'agent_staff', 'merchant')))
);

create table sessions (
    token_sha256 bytea primary key check (length(token_sha256) = 32),
    user_no text not null references users (user_no),
    stage text not null check (stage in ('new_password', 'enrolment', 'code', 'complete')),
    form_token text not null,
    remote_ip text,
    user_agent text not null default '' check (length(user_agent) <= 200),
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_user on sessions (user_no, created_at);
create index sessions_end on sessions (expires_at);

comment on column users.failed_attempts is
    'Attempts since the last complete sign-in, counted before each is decided; the tenth locks.';
comment on column users.last_code_step is
    'The time step of the last one-time code that was accepted: a code serves once.';
