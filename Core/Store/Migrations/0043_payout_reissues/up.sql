-- A failed payout is paid again as another one, at most once, and a settlement has one at a time that
-- hasn't failed.
alter table payouts add column reissue_of text unique references payouts;
create unique index payouts_live on payouts (settlement_id) where status <> 'failed';
create index payouts_settlement on payouts (settlement_id);
alter table payouts drop constraint payouts_settlement_id_key;

-- The lists of operators.
create index payouts_merchant on payouts (merchant_no, payout_no);
create index settlements_day on settlements (day, merchant_no);
