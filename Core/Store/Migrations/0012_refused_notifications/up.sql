create table refused_notifications (
    reason text not null check (length(reason) between 1 and 32),
    slot smallint not null check (slot between 0 and 19),
    channel text not null check (length(channel) <= 32),
    received_at timestamptz not null,
    remote_ip text check (length(remote_ip) <= 64),
    order_no text check (length(order_no) <= 64),
    detail text not null check (length(detail) <= 512),
    refused_count bigint not null check (refused_count > 0),
    body_start bytea not null check (length(body_start) <= 4096),
    body_bytes integer not null,
    primary key (reason, slot)
);
