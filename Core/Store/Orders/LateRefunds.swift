public import Payments
public import Postgres

/// Requests the refund of all that remains of orders that were paid after they had been closed. A
/// row, the order's number, for each that was stored.
///
/// The number follows from the order's, so that there is one such refund at most.
public struct RequestLateRefunds: PostgresStatement {
    let orderNos: [String]
    let now: Timestamp

    /// - Parameter orderNos: orders whose rows are locked and say that they are paid.
    public init(_ orderNos: [String], now: Timestamp) {
        self.orderNos = orderNos
        self.now = now
    }

    public static let sql = """
        insert into refunds (refund_no, order_no, merchant_no, amount_fen, reason, origin, status,
            requested_at, next_attempt_at)
        select 'L' || o.order_no, o.order_no, o.merchant_no, o.amount_fen - made.fen,
            'paid after the order was closed', 'late_payment', 'requested', $2, $2
        from orders o cross join lateral (
            select greatest(o.refunded_fen, o.reported_refund_fen, coalesce(sum(r.amount_fen), 0))
                ::bigint as fen
            from refunds r where r.order_no = o.order_no and r.status <> 'failed') as made
        where o.order_no = any($1) and o.amount_fen > made.fen
        on conflict do nothing
        returning order_no
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(orderNos)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
