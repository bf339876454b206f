-- What an operator lists and sends again: a party's deliveries, and those that are exhausted. A
-- delivery_id begins with the time at which it was made, so the keys also serve ranges of time.
create index if not exists deliveries_party on deliveries (party_no, delivery_id);
create index if not exists deliveries_exhausted on deliveries (delivery_id)
    where status = 'exhausted';
