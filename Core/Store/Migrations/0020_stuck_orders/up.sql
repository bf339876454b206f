-- Orders whose inquiries go on past the end of their payment time. A healthy order never has such
-- an inquiry, so the index holds the stuck ones alone.
create index orders_stuck on orders (expires_at) where next_inquiry_at > expires_at;
