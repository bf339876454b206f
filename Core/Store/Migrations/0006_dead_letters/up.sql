-- Dead letters by the million: pages of every filter by an index, who gave them up and why, and
-- which letter a replayed record came back as.

alter table dead_letters add column replayed_from uuid, add column handled_because text;

drop index dead_letters_open;
drop index dead_letters_topic;
create index dead_letters_page on dead_letters (status, created_at, dead_letter_id);
create index dead_letters_kind
    on dead_letters (status, origin_topic, reason, created_at, dead_letter_id);
create index dead_letters_key
    on dead_letters (status, sha256(record_key), created_at, dead_letter_id)
    where record_key is not null;
create index dead_letters_replayed_from on dead_letters (replayed_from)
    where replayed_from is not null;

create index audit_log_subject on audit_log (subject, audit_id);
