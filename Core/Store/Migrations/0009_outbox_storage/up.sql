-- An outbox row lives for some milliseconds: compressing it costs more than it saves.
alter table outbox alter column events set storage external;
