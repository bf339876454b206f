-- Companies that are to become agents or merchants.
create sequence application_numbers;
create table applications (
    application_no text primary key,
    kind text not null check (kind in ('agent', 'merchant')),
    parent_no text not null references parties,
    name text not null,
    short_name text not null,
    license_no text not null,
    login text not null,
    status text not null
        check (status in ('checking', 'in_review', 'onboarding', 'active', 'refused')),
    step text check (step in ('blacklist', 'images', 'consult', 'consult_result', 'create',
        'create_result', 'activate')),
    version integer not null default 1 check (version > 0),
    blacklist text check (blacklist in ('clear', 'unclear', 'listed')),
    blacklist_at timestamptz,
    refusal text,
    refused_fields text[] not null default '{}',
    refused_reasons text[] not null default '{}',
    party_no text unique references parties,
    channel_merchant_no text,
    entered_at timestamptz not null,
    changed_at timestamptz not null,
    next_attempt_at timestamptz,
    attempt integer not null default 0,
    lease_until timestamptz,
    -- Only the onboarding worker's turn has a step, and only an active one a party.
    check ((step is not null) = (status in ('checking', 'onboarding'))),
    check (next_attempt_at is null or step is not null),
    check ((party_no is not null) = (status = 'active')),
    check ((refusal is not null) = (status = 'refused')),
    check (cardinality(refused_fields) = cardinality(refused_reasons)),
    check (status <> 'checking' or kind = 'merchant'),
    check (status <> 'onboarding' or kind = 'merchant'),
    check (status <> 'active' or kind = 'agent' or channel_merchant_no is not null)
);
create unique index applications_company on applications (kind, license_no, short_name)
    where status <> 'refused';
create unique index applications_login on applications (login) where status <> 'refused';
create index applications_due on applications (next_attempt_at) where next_attempt_at is not null;
create index applications_status on applications (status, application_no);
create index applications_parent on applications (parent_no, application_no);

create table application_versions (
    application_no text not null references applications,
    version integer not null check (version > 0),
    form_sealed bytea not null,
    entered_by text not null references users,
    entered_at timestamptz not null,
    primary key (application_no, version),
    unique (application_no, version, entered_by)
);

alter table applications add foreign key (application_no, version)
    references application_versions deferrable initially deferred;

create table application_images (
    application_no text not null,
    version integer not null,
    kind text not null check (kind in ('license', 'id_front', 'id_back')),
    format text not null check (format in ('jpg', 'png')),
    content_sealed bytea not null,
    channel_image_no text,
    primary key (application_no, version, kind),
    foreign key (application_no, version) references application_versions
);

-- Maker and checker are two people, of one version.
create table application_decisions (
    application_no text not null,
    version integer not null,
    entered_by text not null,
    decided_by text not null references users,
    is_approved boolean not null,
    note text not null check (length(note) <= 1000),
    decided_at timestamptz not null,
    primary key (application_no, version),
    foreign key (application_no, version, entered_by)
        references application_versions (application_no, version, entered_by),
    check (decided_by <> entered_by),
    check (is_approved or note <> '')
);

create table application_steps (
    step_no bigint generated always as identity primary key,
    application_no text not null references applications,
    version integer not null,
    step text not null,
    answer text not null,
    at timestamptz not null
);
create index application_steps_application on application_steps (application_no, step_no);

-- The channel's number of a merchant whose payments its contract covers (Alipay: smid).
alter table parties add column channel_merchant_no text unique
    check (channel_merchant_no is null or kind = 'merchant');

create sequence party_numbers start 100001;
create function next_party_no(kind text) returns text language plpgsql as $$
declare
    number text;
begin
    loop
        number := case kind when 'agent' then 'A' else 'M' end || nextval('party_numbers');
        exit when not exists (select from parties where party_no = number);
    end loop;
    return number;
end $$;
