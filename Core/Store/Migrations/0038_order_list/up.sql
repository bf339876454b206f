-- An order's number sorts by time: a merchant's newest orders are the end of its range.
create index if not exists orders_merchant on orders (merchant_no, order_no);
