import Payments
public import Postgres

/// A page of the newest orders, by number: a number sorts by its order's time.
public struct NewestOrders: PostgresStatement {
    let before: String?
    let limit: Int32

    /// - Parameter before: the last number of the page before; `nil` for the first page.
    public init(before: String?, limit: Int) {
        self.before = before
        self.limit = Int32(limit)
    }

    public static let sql = """
        select \(OrderView.columns) from orders where order_no < coalesce($1, '~')
        order by order_no desc limit $2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(before)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OrderView {
        try OrderView.decode(row)
    }
}

/// A page of the newest orders of some merchants, by number.
public struct NewestOrdersOfMerchants: PostgresStatement {
    let merchantNos: [String]
    let before: String?
    let limit: Int32

    /// - Parameter before: the last number of the page before; `nil` for the first page.
    public init(_ merchantNos: [String], before: String?, limit: Int) {
        self.merchantNos = merchantNos
        self.before = before
        self.limit = Int32(limit)
    }

    // Each merchant's page comes from the end of its range of the index.
    public static let sql = """
        select \(OrderView.columns)
        from unnest($1::text[]) as m (wanted_no) cross join lateral (
            select * from orders
            where merchant_no = m.wanted_no and order_no < coalesce($2, '~')
            order by order_no desc limit $3) as o
        order by order_no desc limit $3
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(merchantNos)
        bindings.append(before)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OrderView {
        try OrderView.decode(row)
    }
}

/// The numbers of orders that a number may mean: the order's, the merchant's own, or a refund's.
public struct OrdersOfNumber: PostgresStatement {
    let number: String
    let limit: Int32

    /// - Parameter number: of any of the three kinds, whole.
    public init(_ number: String, limit: Int) {
        self.number = number
        self.limit = Int32(limit)
    }

    // The merchant's own number is unique with its merchant only: one index lookup a merchant.
    public static let sql = """
        select order_no, merchant_no from orders where order_no = $1
        union
        select o.order_no, o.merchant_no from refunds r join orders o using (order_no)
        where r.refund_no = $1 and r.origin <> 'channel'
        union
        (select o.order_no, o.merchant_no
         from parties p join orders o
            on o.merchant_no = p.party_no and o.merchant_order_no = $1
         where p.kind = 'merchant' limit $2)
        order by order_no desc limit $2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(number)
        bindings.append(limit)
    }

    public static func decode(
        _ row: PostgresRow
    ) throws(PostgresError) -> (orderNo: String, merchantNo: String) {
        (try row.text(0), try row.text(1))
    }
}
