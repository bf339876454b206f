-- Null where the merchant's own signature was valid.
alter table order_rejections add column slot integer
    constraint order_rejections_slot_check check (slot between 0 and 99999);
create unique index order_rejections_slot on order_rejections (slot) where slot is not null;
create sequence order_rejections_slots minvalue 0 maxvalue 99999 cycle;
