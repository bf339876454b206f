import Events
public import Postgres

/// Of a batch of accepted orders those with a number, the platform's or the merchant's, that a
/// stored order has: a row with the order_no of each.
public struct UsedNumbers: PostgresStatement {
    let orderNos: [String]
    let merchantNos: [String]
    let merchantOrderNos: [String]

    /// The orders of a batch.
    public init(_ orders: [NewOrder]) {
        orderNos = orders.map(\.orderNo)
        merchantNos = orders.map(\.request.merchantNo)
        merchantOrderNos = orders.map(\.request.merchantOrderNo)
    }

    public static let sql = """
        select n.order_no
        from unnest($1::text[], $2::text[], $3::text[])
            as n (order_no, merchant_no, merchant_order_no)
        left join lateral (
            select true as is_used from orders o where o.order_no = n.order_no) as a on true
        left join lateral (
            select true as is_used from orders o
            where o.merchant_no = n.merchant_no
                and o.merchant_order_no = n.merchant_order_no) as b on true
        where a.is_used or b.is_used
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(orderNos)
        bindings.append(merchantNos)
        bindings.append(merchantOrderNos)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
