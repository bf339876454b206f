-- A partition is paused alone, and the pause is remembered: too much poison in a row, or a stored
-- offset that the topic doesn't have. The stored offset names the topic and the leader's epoch that
-- it belongs to, so that a topic made anew, or a log that lost its end, is noticed.
alter table consumer_offsets
    add column topic_id text,
    add column leader_epoch integer,
    add column paused_reason text
        check (paused_reason in ('poison_limit', 'offset_gone', 'topic_replaced')),
    add column paused_detail text,
    add column paused_at timestamptz,
    add check ((paused_reason is null) = (paused_at is null)),
    drop constraint consumer_offsets_poison_run_check;

-- A topic made anew counts its offsets from 0 again: its records are other records.
alter table dead_letters
    add column origin_topic_id text not null default '',
    add constraint dead_letters_origin
        unique (worker, origin_topic, origin_partition, origin_offset, origin_topic_id),
    drop constraint dead_letters_worker_origin_topic_origin_partition_origin_of_key;
