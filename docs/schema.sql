-- The schema of a database with every migration of this build applied. For reading and for
-- reviews: scripts/schema-snapshot writes it, SchemaSnapshotTests compares it, and only the
-- migrations of Core/Store change a database.

CREATE OR REPLACE FUNCTION agent_shares_fen(amount_fen bigint, rates_ppm integer[])
 RETURNS bigint[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT (fee_fen(agent_shares_fen.amount_fen, (agent_shares_fen.rates_ppm)[(k.k + 1)]) - fee_fen(agent_shares_fen.amount_fen, (agent_shares_fen.rates_ppm)[k.k])) FROM generate_series(2, (cardinality(agent_shares_fen.rates_ppm) - 1)) k(k) ORDER BY k.k);

CREATE OR REPLACE FUNCTION directory_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    update directory_version set version = version + 1;
    return null;
end $function$;

CREATE OR REPLACE FUNCTION fee_fen(amount_fen bigint, rate_ppm integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (((amount_fen * rate_ppm) + 500000) / 1000000);

CREATE OR REPLACE FUNCTION journal_balances()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
    total numeric;
    entries integer;
begin
    select coalesce(sum(amount_fen), 0), count(*) into total, entries
    from journal_entries where journal_id = new.journal_id;
    if total <> 0 or entries < 2 then
        raise exception 'journal % does not balance: % entries add up to % fen', new.journal_id,
            entries, total;
    end if;
    if not exists (select from journals j where j.journal_id = new.journal_id
                   and j.posted_in = pg_current_xact_id()) then
        raise exception 'journal % was posted by an earlier transaction and takes no more entries',
            new.journal_id;
    end if;
    return null;
end $function$;

CREATE OR REPLACE FUNCTION journals_are_final()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    raise exception 'table %: % is refused, because a journal that is posted is final', tg_table_name,
        tg_op using hint = 'Post a journal that reverses it.';
end $function$;

CREATE OR REPLACE FUNCTION next_party_no(kind text)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
    number text;
begin
    loop
        number := case kind when 'agent' then 'A' else 'M' end || nextval('party_numbers');
        exit when not exists (select from parties where party_no = number);
    end loop;
    return number;
end $function$;

CREATE OR REPLACE FUNCTION rate_conflicts(changed_no text, changed_product text)
 RETURNS TABLE(upper_no text, upper_ppm integer, lower_no text, lower_ppm integer, since timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
    with pair as (
        select parent_no as upper_no, party_no as lower_no from parties
        where party_no = changed_no and parent_no is not null
        union all
        select parent_no, party_no from parties where parent_no = changed_no
    ), moment as (
        select distinct p.upper_no, p.lower_no, r.effective_from as since
        from pair p join rates r on r.product = changed_product
            and r.party_no in (p.upper_no, p.lower_no)
    )
    select m.upper_no, u.rate_ppm, m.lower_no, l.rate_ppm, m.since
    from moment m cross join lateral (
        select rate_ppm from rates where party_no = m.upper_no and product = changed_product
            and effective_from <= m.since order by effective_from desc limit 1) u
    cross join lateral (
        select rate_ppm from rates where party_no = m.lower_no and product = changed_product
            and effective_from <= m.since order by effective_from desc limit 1) l
    where u.rate_ppm > l.rate_ppm
    order by m.since, m.lower_no
$function$;

CREATE OR REPLACE FUNCTION rates_in_order()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
    conflict record;
    changed record := coalesce(new, old);
begin
    select * into conflict from rate_conflicts(changed.party_no, changed.product) limit 1;
    if found then
        raise exception 'from % on the rate of % for %, % ppm, would be below that of %, % ppm',
            conflict.since, conflict.lower_no, changed.product, conflict.lower_ppm,
            conflict.upper_no, conflict.upper_ppm using errcode = 'check_violation';
    end if;
    return null;
end $function$;

CREATE OR REPLACE FUNCTION rates_one_writer()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    perform pg_advisory_xact_lock(hashtext('tallyhouse.rates'));
    return null;
end $function$;

create table accounts (
    account text not null,
    kind text not null,
    party_no text,
    constraint accounts_kind_check CHECK ((kind = ANY (ARRAY['channel_receivable'::text, 'merchant_payable'::text, 'agent_payable'::text, 'platform_revenue'::text, 'payout_in_transit'::text, 'reconciliation_difference'::text, 'bank'::text]))),
    constraint accounts_party_no_fkey FOREIGN KEY (party_no) REFERENCES parties(party_no),
    constraint accounts_pkey PRIMARY KEY (account)
);

create table application_decisions (
    application_no text not null,
    version integer not null,
    entered_by text not null,
    decided_by text not null,
    is_approved boolean not null,
    note text not null,
    decided_at timestamp with time zone not null,
    constraint application_decisions_application_no_version_entered_by_fkey FOREIGN KEY (application_no, version, entered_by) REFERENCES application_versions(application_no, version, entered_by),
    constraint application_decisions_check CHECK ((decided_by <> entered_by)),
    constraint application_decisions_check1 CHECK ((is_approved OR (note <> ''::text))),
    constraint application_decisions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(user_no),
    constraint application_decisions_note_check CHECK ((length(note) <= 1000)),
    constraint application_decisions_pkey PRIMARY KEY (application_no, version)
);

create table application_images (
    application_no text not null,
    version integer not null,
    kind text not null,
    format text not null,
    content_sealed bytea not null,
    channel_image_no text,
    constraint application_images_application_no_version_fkey FOREIGN KEY (application_no, version) REFERENCES application_versions(application_no, version),
    constraint application_images_format_check CHECK ((format = ANY (ARRAY['jpg'::text, 'png'::text]))),
    constraint application_images_kind_check CHECK ((kind = ANY (ARRAY['license'::text, 'id_front'::text, 'id_back'::text]))),
    constraint application_images_pkey PRIMARY KEY (application_no, version, kind)
);

create table application_steps (
    step_no bigint generated always as identity not null,
    application_no text not null,
    version integer not null,
    step text not null,
    answer text not null,
    at timestamp with time zone not null,
    constraint application_steps_application_no_fkey FOREIGN KEY (application_no) REFERENCES applications(application_no),
    constraint application_steps_pkey PRIMARY KEY (step_no)
);
CREATE INDEX application_steps_application ON application_steps USING btree (application_no, step_no);

create table application_versions (
    application_no text not null,
    version integer not null,
    form_sealed bytea not null,
    entered_by text not null,
    entered_at timestamp with time zone not null,
    constraint application_versions_application_no_fkey FOREIGN KEY (application_no) REFERENCES applications(application_no),
    constraint application_versions_application_no_version_entered_by_key UNIQUE (application_no, version, entered_by),
    constraint application_versions_entered_by_fkey FOREIGN KEY (entered_by) REFERENCES users(user_no),
    constraint application_versions_pkey PRIMARY KEY (application_no, version),
    constraint application_versions_version_check CHECK ((version > 0))
);

create table applications (
    application_no text not null,
    kind text not null,
    parent_no text not null,
    name text not null,
    short_name text not null,
    license_no text not null,
    login text not null,
    status text not null,
    step text,
    version integer default 1 not null,
    blacklist text,
    blacklist_at timestamp with time zone,
    refusal text,
    refused_fields text[] default '{}'::text[] not null,
    refused_reasons text[] default '{}'::text[] not null,
    party_no text,
    channel_merchant_no text,
    entered_at timestamp with time zone not null,
    changed_at timestamp with time zone not null,
    next_attempt_at timestamp with time zone,
    attempt integer default 0 not null,
    lease_until timestamp with time zone,
    constraint applications_application_no_version_fkey FOREIGN KEY (application_no, version) REFERENCES application_versions(application_no, version) DEFERRABLE INITIALLY DEFERRED,
    constraint applications_blacklist_check CHECK ((blacklist = ANY (ARRAY['clear'::text, 'unclear'::text, 'listed'::text]))),
    constraint applications_check CHECK (((step IS NOT NULL) = (status = ANY (ARRAY['checking'::text, 'onboarding'::text])))),
    constraint applications_check1 CHECK (((next_attempt_at IS NULL) OR (step IS NOT NULL))),
    constraint applications_check2 CHECK (((party_no IS NOT NULL) = (status = 'active'::text))),
    constraint applications_check3 CHECK (((refusal IS NOT NULL) = (status = 'refused'::text))),
    constraint applications_check4 CHECK ((cardinality(refused_fields) = cardinality(refused_reasons))),
    constraint applications_check5 CHECK (((status <> 'checking'::text) OR (kind = 'merchant'::text))),
    constraint applications_check6 CHECK (((status <> 'onboarding'::text) OR (kind = 'merchant'::text))),
    constraint applications_check7 CHECK (((status <> 'active'::text) OR (kind = 'agent'::text) OR (channel_merchant_no IS NOT NULL))),
    constraint applications_kind_check CHECK ((kind = ANY (ARRAY['agent'::text, 'merchant'::text]))),
    constraint applications_parent_no_fkey FOREIGN KEY (parent_no) REFERENCES parties(party_no),
    constraint applications_party_no_fkey FOREIGN KEY (party_no) REFERENCES parties(party_no),
    constraint applications_party_no_key UNIQUE (party_no),
    constraint applications_pkey PRIMARY KEY (application_no),
    constraint applications_status_check CHECK ((status = ANY (ARRAY['checking'::text, 'in_review'::text, 'onboarding'::text, 'active'::text, 'refused'::text]))),
    constraint applications_step_check CHECK ((step = ANY (ARRAY['blacklist'::text, 'images'::text, 'consult'::text, 'consult_result'::text, 'create'::text, 'create_result'::text, 'activate'::text]))),
    constraint applications_version_check CHECK ((version > 0))
);
CREATE UNIQUE INDEX applications_company ON applications USING btree (kind, license_no, short_name) WHERE (status <> 'refused'::text);
CREATE INDEX applications_due ON applications USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE UNIQUE INDEX applications_login ON applications USING btree (login) WHERE (status <> 'refused'::text);
CREATE INDEX applications_parent ON applications USING btree (parent_no, application_no);
CREATE INDEX applications_status ON applications USING btree (status, application_no);

create table audit_log (
    audit_id bigint generated always as identity not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text default ''::text not null,
    remote_ip text,
    at timestamp with time zone not null,
    constraint audit_log_pkey PRIMARY KEY (audit_id)
);
CREATE INDEX audit_log_at ON audit_log USING btree (at);
CREATE INDEX audit_log_subject ON audit_log USING btree (subject, audit_id);

create table consumer_offsets (
    worker text not null,
    topic text not null,
    partition integer not null,
    next_offset bigint not null,
    updated_at timestamp with time zone default clock_timestamp() not null,
    poison_run integer default 0 not null,
    topic_id text,
    leader_epoch integer,
    paused_reason text,
    paused_detail text,
    paused_at timestamp with time zone,
    constraint consumer_offsets_check CHECK (((paused_reason IS NULL) = (paused_at IS NULL))),
    constraint consumer_offsets_next_offset_check CHECK ((next_offset >= 0)),
    constraint consumer_offsets_paused_reason_check CHECK ((paused_reason = ANY (ARRAY['poison_limit'::text, 'offset_gone'::text, 'topic_replaced'::text]))),
    constraint consumer_offsets_pkey PRIMARY KEY (worker, topic, partition)
);

create table dead_letters (
    dead_letter_id uuid not null,
    worker text not null,
    origin_topic text not null,
    origin_partition integer not null,
    origin_offset bigint not null,
    record_key bytea,
    record_value bytea not null,
    record_headers bytea not null,
    reason text not null,
    error text not null,
    replay_count integer default 0 not null,
    status text default 'open'::text not null,
    created_at timestamp with time zone not null,
    handled_at timestamp with time zone,
    handled_by text,
    replayed_from uuid,
    handled_because text,
    origin_topic_id text default ''::text not null,
    constraint dead_letters_origin UNIQUE (worker, origin_topic, origin_partition, origin_offset, origin_topic_id),
    constraint dead_letters_pkey PRIMARY KEY (dead_letter_id),
    constraint dead_letters_status_check CHECK ((status = ANY (ARRAY['open'::text, 'replayed'::text, 'discarded'::text])))
);
CREATE INDEX dead_letters_key ON dead_letters USING btree (status, sha256(record_key), created_at, dead_letter_id) WHERE (record_key IS NOT NULL);
CREATE INDEX dead_letters_kind ON dead_letters USING btree (status, origin_topic, reason, created_at, dead_letter_id);
CREATE INDEX dead_letters_page ON dead_letters USING btree (status, created_at, dead_letter_id);
CREATE INDEX dead_letters_replayed_from ON dead_letters USING btree (replayed_from) WHERE (replayed_from IS NOT NULL);

create table deliveries (
    delivery_id uuid not null,
    order_no text not null,
    party_no text not null,
    event_type text not null,
    refund_no text default ''::text not null,
    url text not null,
    receiver text not null,
    payload text,
    status text default 'pending'::text not null,
    attempt integer default 0 not null,
    next_attempt_at timestamp with time zone,
    lease_until timestamp with time zone,
    created_at timestamp with time zone not null,
    acknowledged_at timestamp with time zone,
    event_id uuid,
    resent_after integer default 0 not null,
    constraint deliveries_order_no_event_type_refund_no_party_no_key UNIQUE (order_no, event_type, refund_no, party_no),
    constraint deliveries_pkey PRIMARY KEY (delivery_id),
    constraint deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'acknowledged'::text, 'exhausted'::text])))
);
CREATE INDEX deliveries_exhausted ON deliveries USING btree (delivery_id) WHERE (status = 'exhausted'::text);
CREATE INDEX deliveries_party ON deliveries USING btree (party_no, delivery_id);
CREATE INDEX deliveries_party_due ON deliveries USING btree (party_no, next_attempt_at) WHERE (next_attempt_at IS NOT NULL);

create table delivery_attempts (
    delivery_id uuid not null,
    attempt integer not null,
    http_status integer,
    error text,
    duration_ms integer not null,
    at timestamp with time zone not null,
    constraint delivery_attempts_pkey PRIMARY KEY (delivery_id, attempt)
);

create table difference_resolutions (
    resolution_id bigint generated always as identity not null,
    difference_id bigint not null,
    action text not null,
    reason text not null,
    comment text not null,
    stake_fen bigint not null,
    adjustment_fen bigint not null,
    limit_fen bigint not null,
    made_by text not null,
    made_at timestamp with time zone not null,
    status text not null,
    decided_by text,
    decided_at timestamp with time zone,
    constraint difference_resolutions_action_check CHECK ((action = ANY (ARRAY['accept'::text, 'write_off'::text, 'dismiss'::text]))),
    constraint difference_resolutions_check CHECK (((length(comment) <= 1000) AND ((reason <> 'other'::text) OR (comment <> ''::text)))),
    constraint difference_resolutions_check1 CHECK (((action <> 'dismiss'::text) OR (adjustment_fen = 0))),
    constraint difference_resolutions_check2 CHECK ((decided_by <> made_by)),
    constraint difference_resolutions_check3 CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    constraint difference_resolutions_check4 CHECK (((status = 'refused'::text) <= (decided_by IS NOT NULL))),
    constraint difference_resolutions_check5 CHECK (((status <> 'proposed'::text) OR (decided_by IS NULL))),
    constraint difference_resolutions_check6 CHECK (((status <> 'applied'::text) OR (stake_fen <= limit_fen) OR (decided_by IS NOT NULL))),
    constraint difference_resolutions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(user_no),
    constraint difference_resolutions_difference_id_fkey FOREIGN KEY (difference_id) REFERENCES differences(difference_id),
    constraint difference_resolutions_limit_fen_check CHECK ((limit_fen >= 0)),
    constraint difference_resolutions_made_by_fkey FOREIGN KEY (made_by) REFERENCES users(user_no),
    constraint difference_resolutions_pkey PRIMARY KEY (resolution_id),
    constraint difference_resolutions_reason_check CHECK ((reason = ANY (ARRAY['channel_error'::text, 'our_error'::text, 'not_ours'::text, 'rounding'::text, 'other'::text]))),
    constraint difference_resolutions_stake_fen_check CHECK ((stake_fen >= 0)),
    constraint difference_resolutions_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'applied'::text, 'refused'::text])))
);
CREATE UNIQUE INDEX difference_resolutions_one ON difference_resolutions USING btree (difference_id) WHERE (status <> 'refused'::text);

create table differences (
    difference_id bigint generated always as identity not null,
    channel text not null,
    day date not null,
    statement_id text not null,
    line_no integer,
    kind text not null,
    line_kind text not null,
    order_no text not null,
    refund_no text default ''::text not null,
    platform_amount_fen bigint,
    channel_amount_fen bigint,
    platform_fee_fen bigint,
    channel_fee_fen bigint,
    status text default 'open'::text not null,
    resolution text,
    opened_at timestamp with time zone not null,
    resolved_at timestamp with time zone,
    constraint differences_kind_check CHECK ((kind = ANY (ARRAY['platform_only'::text, 'channel_only'::text, 'amount_mismatch'::text, 'status_mismatch'::text, 'fee_mismatch'::text, 'duplicate'::text]))),
    constraint differences_line_kind_check CHECK ((line_kind = ANY (ARRAY['trade'::text, 'refund'::text]))),
    constraint differences_pkey PRIMARY KEY (difference_id),
    constraint differences_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES statements(statement_id),
    constraint differences_status_check CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text, 'escalated'::text])))
);
CREATE INDEX differences_day ON differences USING btree (day, statement_id, kind, line_kind, order_no, refund_no);
CREATE UNIQUE INDEX differences_once ON differences USING btree (statement_id, kind, line_kind, order_no, refund_no, COALESCE(line_no, 0));
CREATE INDEX differences_open ON differences USING btree (channel, day) WHERE (status <> 'resolved'::text);
CREATE INDEX differences_order ON differences USING btree (order_no);

create table directory_version (
    only_row boolean default true not null,
    version bigint not null,
    constraint directory_version_only_row_check CHECK (only_row),
    constraint directory_version_pkey PRIMARY KEY (only_row)
);

create table inquiries (
    order_no text not null,
    attempt integer not null,
    method text not null,
    refund_no text default ''::text not null,
    answer text not null,
    at timestamp with time zone not null,
    constraint inquiries_pkey PRIMARY KEY (order_no, method, refund_no, attempt)
);

create table installation (
    name text not null,
    value text not null,
    constraint installation_pkey PRIMARY KEY (name)
);

create table journal_entries (
    journal_id bigint not null,
    account text not null,
    amount_fen bigint not null,
    constraint journal_entries_account_fkey FOREIGN KEY (account) REFERENCES accounts(account),
    constraint journal_entries_amount_fen_check CHECK ((amount_fen <> 0)),
    constraint journal_entries_journal_id_fkey FOREIGN KEY (journal_id) REFERENCES journals(journal_id),
    constraint journal_entries_pkey PRIMARY KEY (journal_id, account)
);
CREATE INDEX journal_entries_account ON journal_entries USING btree (account);
CREATE CONSTRAINT TRIGGER journal_entries_balance AFTER INSERT ON journal_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_balances();
CREATE TRIGGER journal_entries_final BEFORE DELETE OR UPDATE OR TRUNCATE ON journal_entries FOR EACH STATEMENT EXECUTE FUNCTION journals_are_final();

create table journals (
    journal_id bigint generated always as identity not null,
    kind text not null,
    reference text not null,
    posted_at timestamp with time zone not null,
    posted_in xid8 default pg_current_xact_id() not null,
    constraint journals_kind_check CHECK ((kind = ANY (ARRAY['settlement'::text, 'payout_requested'::text, 'payout_succeeded'::text, 'payout_failed'::text, 'difference_resolved'::text, 'difference_reversed'::text]))),
    constraint journals_kind_reference_key UNIQUE (kind, reference),
    constraint journals_pkey PRIMARY KEY (journal_id)
);
CREATE CONSTRAINT TRIGGER journals_balance AFTER INSERT ON journals DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_balances();
CREATE TRIGGER journals_final BEFORE DELETE OR UPDATE OR TRUNCATE ON journals FOR EACH STATEMENT EXECUTE FUNCTION journals_are_final();

create table master_key (
    is_only boolean default true not null,
    canary_sealed bytea not null,
    sealed_at timestamp with time zone default clock_timestamp() not null,
    constraint master_key_is_only_check CHECK (is_only),
    constraint master_key_pkey PRIMARY KEY (is_only)
);

create table order_events (
    order_no text not null,
    version integer not null,
    event_id uuid not null,
    event_type text not null,
    origin text not null,
    detail text default ''::text not null,
    at timestamp with time zone not null,
    recorded_at timestamp with time zone not null,
    constraint order_events_pkey PRIMARY KEY (order_no, version),
    constraint order_events_version_check CHECK ((version > 1))
);

create table order_rejections (
    submission_id uuid not null,
    order_no text not null,
    merchant_no text not null,
    merchant_order_no text not null,
    code text not null,
    detail text not null,
    http_status integer not null,
    rejected_at timestamp with time zone not null,
    slot integer,
    constraint order_rejections_pkey PRIMARY KEY (submission_id),
    constraint order_rejections_slot_check CHECK (((slot >= 0) AND (slot <= 99999)))
);
CREATE INDEX order_rejections_order ON order_rejections USING btree (merchant_no, merchant_order_no);
CREATE UNIQUE INDEX order_rejections_slot ON order_rejections USING btree (slot) WHERE (slot IS NOT NULL);

create table orders (
    order_no text not null,
    merchant_no text not null,
    merchant_order_no text not null,
    product text not null,
    amount_fen bigint not null,
    subject text not null,
    notify_url text,
    return_url text,
    client_ip text,
    attach text,
    content_digest bytea not null,
    channel text not null,
    app_id text not null,
    seller_id text not null,
    chain_party_nos text[] not null,
    chain_rates_ppm integer[] not null,
    merchant_fee_fen bigint not null,
    channel_fee_fen bigint not null,
    agent_share_fen bigint not null,
    platform_share_fen bigint not null,
    status text not null,
    refunded_fen bigint default 0 not null,
    is_late boolean default false not null,
    version integer default 1 not null,
    channel_trade_no text,
    submission_id uuid not null,
    traceparent text,
    accepted_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    paid_at timestamp with time zone,
    closed_at timestamp with time zone,
    close_requested_at timestamp with time zone,
    next_inquiry_at timestamp with time zone,
    inquiry_attempt integer default 0 not null,
    inquiry_lease_until timestamp with time zone,
    matched_statement_id text,
    matched_day date,
    settlement_id text,
    accepted_event_id uuid not null,
    reported_refund_fen bigint default 0 not null,
    constraint orders_amount_fen_check CHECK (((amount_fen >= 1) AND (amount_fen <= '10000000000'::bigint))),
    constraint orders_check CHECK (((refunded_fen >= 0) AND (refunded_fen <= amount_fen))),
    constraint orders_check1 CHECK ((merchant_fee_fen = ((channel_fee_fen + agent_share_fen) + platform_share_fen))),
    constraint orders_merchant_no_merchant_order_no_key UNIQUE (merchant_no, merchant_order_no),
    constraint orders_pkey PRIMARY KEY (order_no),
    constraint orders_product_check CHECK ((product = ANY (ARRAY['PC'::text, 'WAP'::text, 'APP'::text]))),
    constraint orders_status_check CHECK ((status = ANY (ARRAY['accepted'::text, 'paying'::text, 'paid'::text, 'partially_refunded'::text, 'refunded'::text, 'closed'::text])))
);
CREATE INDEX orders_inquiry ON orders USING btree (next_inquiry_at) WHERE (next_inquiry_at IS NOT NULL);
CREATE INDEX orders_matched ON orders USING btree (matched_statement_id) WHERE (matched_statement_id IS NOT NULL);
CREATE INDEX orders_merchant ON orders USING btree (merchant_no, order_no);
CREATE INDEX orders_stuck ON orders USING btree (expires_at) WHERE (next_inquiry_at > expires_at);
CREATE INDEX orders_to_settle ON orders USING btree (merchant_no) WHERE ((matched_day IS NOT NULL) AND (settlement_id IS NULL));
CREATE INDEX orders_unmatched ON orders USING btree (paid_at) WHERE ((paid_at IS NOT NULL) AND (matched_day IS NULL));

create table outbox (
    outbox_id bigint generated always as identity not null,
    worker text not null,
    sources text[] not null,
    events bytea not null storage external,
    event_count integer not null,
    created_at timestamp with time zone default clock_timestamp() not null,
    constraint outbox_event_count_check CHECK ((event_count > 0)),
    constraint outbox_pkey PRIMARY KEY (outbox_id)
);
CREATE INDEX outbox_worker ON outbox USING btree (worker, outbox_id);

create table outbox_relays (
    worker text not null,
    holder uuid not null,
    lease_until timestamp with time zone not null,
    constraint outbox_relays_pkey PRIMARY KEY (worker)
);

create table parties (
    party_no text not null,
    kind text not null,
    parent_no text,
    name text not null,
    status text default 'active'::text not null,
    callback_url text,
    requires_agent_signatures boolean default false not null,
    created_at timestamp with time zone default clock_timestamp() not null,
    channel_merchant_no text,
    constraint parties_channel_merchant_no_key UNIQUE (channel_merchant_no),
    constraint parties_check CHECK (((kind = 'platform'::text) = (parent_no IS NULL))),
    constraint parties_check1 CHECK (((channel_merchant_no IS NULL) OR (kind = 'merchant'::text))),
    constraint parties_kind_check CHECK ((kind = ANY (ARRAY['platform'::text, 'agent'::text, 'merchant'::text]))),
    constraint parties_parent_no_fkey FOREIGN KEY (parent_no) REFERENCES parties(party_no),
    constraint parties_pkey PRIMARY KEY (party_no),
    constraint parties_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'closed'::text])))
);
CREATE INDEX parties_parent ON parties USING btree (parent_no);
CREATE TRIGGER parties_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON parties FOR EACH STATEMENT EXECUTE FUNCTION directory_changed();

create table payouts (
    payout_no text not null,
    settlement_id text not null,
    merchant_no text not null,
    amount_fen bigint not null,
    status text not null,
    bank_ref text,
    reason text,
    requested_at timestamp with time zone not null,
    completed_at timestamp with time zone,
    next_attempt_at timestamp with time zone,
    attempt integer default 0 not null,
    lease_until timestamp with time zone,
    reissue_of text,
    constraint payouts_amount_fen_check CHECK ((amount_fen > 0)),
    constraint payouts_merchant_no_fkey FOREIGN KEY (merchant_no) REFERENCES parties(party_no),
    constraint payouts_pkey PRIMARY KEY (payout_no),
    constraint payouts_reissue_of_fkey FOREIGN KEY (reissue_of) REFERENCES payouts(payout_no),
    constraint payouts_reissue_of_key UNIQUE (reissue_of),
    constraint payouts_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES settlements(settlement_id),
    constraint payouts_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'processing'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX payouts_due ON payouts USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE UNIQUE INDEX payouts_live ON payouts USING btree (settlement_id) WHERE (status <> 'failed'::text);
CREATE INDEX payouts_merchant ON payouts USING btree (merchant_no, payout_no);
CREATE INDEX payouts_settlement ON payouts USING btree (settlement_id);

create table platform_keys (
    key_version integer not null,
    private_key_sealed bytea not null,
    public_key_pem text not null,
    valid_from timestamp with time zone not null,
    valid_until timestamp with time zone,
    constraint platform_keys_key_version_check CHECK ((key_version > 0)),
    constraint platform_keys_pkey PRIMARY KEY (key_version)
);

create table rates (
    party_no text not null,
    product text not null,
    rate_ppm integer not null,
    effective_from timestamp with time zone not null,
    constraint rates_party_no_fkey FOREIGN KEY (party_no) REFERENCES parties(party_no),
    constraint rates_pkey PRIMARY KEY (party_no, product, effective_from),
    constraint rates_product_check CHECK ((product = ANY (ARRAY['PC'::text, 'WAP'::text, 'APP'::text]))),
    constraint rates_rate_ppm_check CHECK (((rate_ppm >= 0) AND (rate_ppm <= 1000000)))
);
CREATE TRIGGER rates_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON rates FOR EACH STATEMENT EXECUTE FUNCTION directory_changed();
CREATE CONSTRAINT TRIGGER rates_in_order AFTER INSERT OR DELETE OR UPDATE ON rates DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rates_in_order();
CREATE TRIGGER rates_one_writer BEFORE INSERT OR DELETE OR UPDATE ON rates FOR EACH STATEMENT EXECUTE FUNCTION rates_one_writer();

create table reconciliations (
    reconciliation_id text not null,
    channel text not null,
    day date not null,
    statement_id text not null,
    matched integer not null,
    platform_only integer not null,
    channel_only integer not null,
    amount_mismatch integer not null,
    status_mismatch integer not null,
    fee_mismatch integer not null,
    duplicate integer not null,
    completed_at timestamp with time zone not null,
    constraint reconciliations_pkey PRIMARY KEY (reconciliation_id),
    constraint reconciliations_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES statements(statement_id)
);
CREATE INDEX reconciliations_day ON reconciliations USING btree (channel, day);
CREATE INDEX reconciliations_statement ON reconciliations USING btree (statement_id);

create table refund_reports (
    report_id bigint generated always as identity not null,
    order_no text not null,
    refund_no text not null,
    status text default 'open'::text not null,
    reported_at timestamp with time zone not null,
    next_attempt_at timestamp with time zone,
    attempt integer default 0 not null,
    lease_until timestamp with time zone,
    constraint refund_reports_check CHECK (((status = 'open'::text) OR (next_attempt_at IS NULL))),
    constraint refund_reports_order_no_fkey FOREIGN KEY (order_no) REFERENCES orders(order_no),
    constraint refund_reports_order_no_refund_no_key UNIQUE (order_no, refund_no),
    constraint refund_reports_pkey PRIMARY KEY (report_id),
    constraint refund_reports_status_check CHECK ((status = ANY (ARRAY['open'::text, 'proven'::text, 'unconfirmed'::text])))
);
CREATE INDEX refund_reports_due ON refund_reports USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX refund_reports_unconfirmed ON refund_reports USING btree (reported_at) WHERE (status = 'unconfirmed'::text);

create table refunds (
    refund_no text not null,
    order_no text not null,
    merchant_no text not null,
    merchant_refund_no text,
    amount_fen bigint not null,
    reason text default ''::text not null,
    origin text not null,
    status text not null,
    failure text,
    refunded_before_fen bigint,
    merchant_fee_fen bigint default 0 not null,
    channel_fee_fen bigint default 0 not null,
    agent_share_fen bigint default 0 not null,
    platform_share_fen bigint default 0 not null,
    requested_at timestamp with time zone not null,
    completed_at timestamp with time zone,
    next_attempt_at timestamp with time zone,
    attempt integer default 0 not null,
    lease_until timestamp with time zone,
    matched_statement_id text,
    matched_day date,
    settlement_id text,
    constraint refunds_amount_fen_check CHECK ((amount_fen > 0)),
    constraint refunds_check CHECK ((merchant_fee_fen = ((channel_fee_fen + agent_share_fen) + platform_share_fen))),
    constraint refunds_merchant_no_merchant_refund_no_key UNIQUE (merchant_no, merchant_refund_no),
    constraint refunds_order_no_fkey FOREIGN KEY (order_no) REFERENCES orders(order_no),
    constraint refunds_origin_check CHECK ((origin = ANY (ARRAY['merchant'::text, 'channel'::text, 'late_payment'::text]))),
    constraint refunds_pkey PRIMARY KEY (order_no, refund_no),
    constraint refunds_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX refunds_due ON refunds USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX refunds_matched ON refunds USING btree (matched_statement_id) WHERE (matched_statement_id IS NOT NULL);
CREATE UNIQUE INDEX refunds_requested_no ON refunds USING btree (refund_no) WHERE (origin <> 'channel'::text);
CREATE INDEX refunds_to_settle ON refunds USING btree (merchant_no) WHERE ((matched_day IS NOT NULL) AND (settlement_id IS NULL));
CREATE INDEX refunds_unmatched ON refunds USING btree (completed_at) WHERE ((status = 'succeeded'::text) AND (matched_day IS NULL));

create table refused_notifications (
    reason text not null,
    slot smallint not null,
    channel text not null,
    received_at timestamp with time zone not null,
    remote_ip text,
    order_no text,
    detail text not null,
    refused_count bigint not null,
    body_start bytea not null,
    body_bytes integer not null,
    constraint refused_notifications_body_start_check CHECK ((length(body_start) <= 4096)),
    constraint refused_notifications_channel_check CHECK ((length(channel) <= 32)),
    constraint refused_notifications_detail_check CHECK ((length(detail) <= 512)),
    constraint refused_notifications_order_no_check CHECK ((length(order_no) <= 64)),
    constraint refused_notifications_pkey PRIMARY KEY (reason, slot),
    constraint refused_notifications_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 32))),
    constraint refused_notifications_refused_count_check CHECK ((refused_count > 0)),
    constraint refused_notifications_remote_ip_check CHECK ((length(remote_ip) <= 64)),
    constraint refused_notifications_slot_check CHECK (((slot >= 0) AND (slot <= 19)))
);

create table schema_migrations (
    name text not null,
    checksum text not null,
    applied_at timestamp with time zone default clock_timestamp() not null,
    constraint schema_migrations_pkey PRIMARY KEY (name)
);

create table sessions (
    token_sha256 bytea not null,
    user_no text not null,
    stage text not null,
    form_token text not null,
    remote_ip text,
    user_agent text default ''::text not null,
    created_at timestamp with time zone not null,
    last_seen_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    constraint sessions_pkey PRIMARY KEY (token_sha256),
    constraint sessions_stage_check CHECK ((stage = ANY (ARRAY['new_password'::text, 'enrolment'::text, 'code'::text, 'complete'::text]))),
    constraint sessions_token_sha256_check CHECK ((length(token_sha256) = 32)),
    constraint sessions_user_agent_check CHECK ((length(user_agent) <= 200)),
    constraint sessions_user_no_fkey FOREIGN KEY (user_no) REFERENCES users(user_no)
);
CREATE INDEX sessions_end ON sessions USING btree (expires_at);
CREATE INDEX sessions_user ON sessions USING btree (user_no, created_at);

create table settlement_cards (
    party_no text not null,
    payee_name_sealed bytea not null,
    card_no_sealed bytea not null,
    card_no_masked text not null,
    constraint settlement_cards_party_no_fkey FOREIGN KEY (party_no) REFERENCES parties(party_no),
    constraint settlement_cards_pkey PRIMARY KEY (party_no)
);

create table settlement_items (
    order_no text not null,
    refund_no text default ''::text not null,
    settlement_id text not null,
    amount_fen bigint not null,
    merchant_fee_fen bigint not null,
    channel_fee_fen bigint not null,
    agent_shares_fen bigint[] not null,
    platform_share_fen bigint not null,
    constraint settlement_items_order_no_fkey FOREIGN KEY (order_no) REFERENCES orders(order_no),
    constraint settlement_items_pkey PRIMARY KEY (order_no, refund_no),
    constraint settlement_items_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES settlements(settlement_id)
);
CREATE INDEX settlement_items_settlement ON settlement_items USING btree (settlement_id);

create table settlements (
    settlement_id text not null,
    reconciliation_id text not null,
    merchant_no text not null,
    day date not null,
    order_count integer not null,
    refund_count integer not null,
    gross_fen bigint not null,
    refunded_fen bigint not null,
    merchant_fee_fen bigint not null,
    channel_fee_fen bigint not null,
    agent_share_fen bigint not null,
    platform_share_fen bigint not null,
    carried_in_fen bigint default 0 not null,
    net_fen bigint not null,
    carried_to text,
    settled_at timestamp with time zone not null,
    constraint settlements_check CHECK ((net_fen = (((gross_fen - refunded_fen) - merchant_fee_fen) + carried_in_fen))),
    constraint settlements_check1 CHECK ((merchant_fee_fen = ((channel_fee_fen + agent_share_fen) + platform_share_fen))),
    constraint settlements_merchant_no_fkey FOREIGN KEY (merchant_no) REFERENCES parties(party_no),
    constraint settlements_pkey PRIMARY KEY (settlement_id),
    constraint settlements_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES reconciliations(reconciliation_id),
    constraint settlements_reconciliation_id_merchant_no_key UNIQUE (reconciliation_id, merchant_no)
);
CREATE INDEX settlements_day ON settlements USING btree (day, merchant_no);
CREATE INDEX settlements_merchant ON settlements USING btree (merchant_no, day);

create table signing_keys (
    party_no text not null,
    key_version integer not null,
    sign_type text not null,
    secret_sealed bytea,
    public_key_pem text,
    valid_from timestamp with time zone default clock_timestamp() not null,
    retired_at timestamp with time zone,
    first_used_at timestamp with time zone,
    constraint signing_keys_check CHECK (((sign_type = 'RSA2'::text) = (public_key_pem IS NOT NULL))),
    constraint signing_keys_check1 CHECK (((sign_type = 'RSA2'::text) = (secret_sealed IS NULL))),
    constraint signing_keys_key_version_check CHECK ((key_version > 0)),
    constraint signing_keys_party_no_fkey FOREIGN KEY (party_no) REFERENCES parties(party_no),
    constraint signing_keys_pkey PRIMARY KEY (party_no, sign_type, key_version),
    constraint signing_keys_sign_type_check CHECK ((sign_type = ANY (ARRAY['MD5'::text, 'HMAC-SHA256'::text, 'RSA2'::text])))
);
CREATE TRIGGER signing_keys_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON signing_keys FOR EACH STATEMENT EXECUTE FUNCTION directory_changed();

create table statement_fetches (
    channel text not null,
    day date not null,
    next_attempt_at timestamp with time zone,
    attempt integer default 0 not null,
    lease_until timestamp with time zone,
    last_answer text default ''::text not null,
    constraint statement_fetches_pkey PRIMARY KEY (channel, day)
);
CREATE INDEX statement_fetches_due ON statement_fetches USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);

create table statement_lines (
    statement_id text not null,
    line_no integer not null,
    kind text not null,
    channel_trade_no text not null,
    order_no text not null,
    refund_no text default ''::text not null,
    amount_fen bigint not null,
    fee_fen bigint not null,
    created_at timestamp with time zone not null,
    completed_at timestamp with time zone not null,
    subject text not null,
    constraint statement_lines_kind_check CHECK ((kind = ANY (ARRAY['trade'::text, 'refund'::text]))),
    constraint statement_lines_pkey PRIMARY KEY (statement_id, line_no),
    constraint statement_lines_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES statements(statement_id)
);
CREATE INDEX statement_lines_order ON statement_lines USING btree (order_no);

create table statements (
    statement_id text not null,
    channel text not null,
    account text not null,
    day date not null,
    content_sha256 bytea not null,
    status text not null,
    line_count integer not null,
    trade_count integer not null,
    trade_total_fen bigint not null,
    refund_count integer not null,
    refund_total_fen bigint not null,
    imported_at timestamp with time zone not null,
    completed_at timestamp with time zone,
    constraint statements_pkey PRIMARY KEY (statement_id),
    constraint statements_status_check CHECK ((status = ANY (ARRAY['importing'::text, 'complete'::text])))
);
CREATE INDEX statements_day ON statements USING btree (channel, day);

create table users (
    user_no text not null,
    login text not null,
    role text not null,
    party_no text,
    password_hash text not null,
    is_password_temporary boolean default true not null,
    code_secret_sealed bytea,
    last_code_step bigint default 0 not null,
    failed_attempts integer default 0 not null,
    locked_until timestamp with time zone,
    status text default 'active'::text not null,
    created_at timestamp with time zone not null,
    created_by text not null,
    constraint users_check CHECK (((party_no IS NULL) = (role <> ALL (ARRAY['agent_admin'::text, 'agent_staff'::text, 'merchant'::text])))),
    constraint users_failed_attempts_check CHECK (((failed_attempts >= 0) AND (failed_attempts <= 9))),
    constraint users_login_check CHECK (((login = lower(login)) AND ((length(login) >= 3) AND (length(login) <= 64)))),
    constraint users_login_key UNIQUE (login),
    constraint users_party_no_fkey FOREIGN KEY (party_no) REFERENCES parties(party_no),
    constraint users_pkey PRIMARY KEY (user_no),
    constraint users_role_check CHECK ((role = ANY (ARRAY['super_admin'::text, 'operator'::text, 'reviewer'::text, 'finance'::text, 'support'::text, 'agent_admin'::text, 'agent_staff'::text, 'merchant'::text]))),
    constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);

create view order_history as
 SELECT order_no,
    1 AS version,
    accepted_event_id AS event_id,
    'accepted'::text AS event_type,
    'merchant'::text AS origin,
    ''::text AS detail,
    accepted_at AS at,
    accepted_at AS recorded_at
   FROM orders
UNION ALL
 SELECT order_no,
    version,
    event_id,
    event_type,
    origin,
    detail,
    at,
    recorded_at
   FROM order_events;
