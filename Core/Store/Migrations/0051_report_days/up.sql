create index differences_day on differences (day, statement_id, kind, line_kind, order_no, refund_no);
