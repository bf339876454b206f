public import Payments
public import Postgres

/// Orders by their merchants' numbers, with the fields that a repeated submission's answer needs.
public struct ExistingOrders: PostgresStatement {
    /// The fields of an answer.
    public struct Row: Sendable {
        /// The platform's order number.
        public let orderNo: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The merchant's own order number.
        public let merchantOrderNo: String
        /// SHA-256 of the first submission's business content.
        public let contentDigest: [UInt8]
        /// The current status.
        public let status: OrderStatus
        /// When it was accepted.
        public let acceptedAt: Timestamp
        /// Until when it can be paid.
        public let expiresAt: Timestamp
    }

    let merchantNos: [String]
    let merchantOrderNos: [String]

    /// `merchantNos` and `merchantOrderNos` are parallel.
    public init(merchantNos: [String], merchantOrderNos: [String]) {
        self.merchantNos = merchantNos
        self.merchantOrderNos = merchantOrderNos
    }

    public static let sql = """
        select o.order_no, o.merchant_no, o.merchant_order_no, o.content_digest, o.status,
            o.accepted_at, o.expires_at
        from orders o
        join unnest($1::text[], $2::text[]) as n (merchant_no, merchant_order_no)
            using (merchant_no, merchant_order_no)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(merchantNos)
        bindings.append(merchantOrderNos)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), merchantNo: try row.text(1),
            merchantOrderNo: try row.text(2), contentDigest: try row.bytes(3),
            status: try row.orderStatus(4), acceptedAt: try row.time(5),
            expiresAt: try row.time(6))
    }
}

extension PostgresRow {
    func orderStatus(_ column: Int) throws(PostgresError) -> OrderStatus {
        let text = try text(column)
        guard let status = OrderStatus(rawValue: text) else {
            throw PostgresError.decoding("'\(text)' is not an order's status")
        }
        return status
    }

    func product(_ column: Int) throws(PostgresError) -> Product {
        let text = try text(column)
        guard let product = Product(rawValue: text) else {
            throw PostgresError.decoding("'\(text)' is not a product")
        }
        return product
    }
}
