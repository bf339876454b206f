-- How many records in a row had become dead letters when the offset was stored: a worker that stops
-- because all of its input is poison does not get a new allowance by being started again.
alter table consumer_offsets add column poison_run integer not null default 0
    check (poison_run >= 0);
