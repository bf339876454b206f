import Events
public import Payments
public import Postgres

/// An order's row, without what only the platform uses.
public struct OrderView: Sendable {
    /// The platform's order number.
    public let orderNo: String
    /// The merchant's party number.
    public let merchantNo: String
    /// The merchant's own order number.
    public let merchantOrderNo: String
    /// The payment product.
    public let product: Product
    /// The order's amount.
    public let amount: Money
    /// The description that the payer sees.
    public let subject: String
    /// The current status.
    public let status: OrderStatus
    /// The sum of its refunds.
    public let refunded: Money
    /// Whether it was paid after it had been closed.
    public let isLate: Bool
    /// The channel's trade number, once known.
    public let channelTradeNo: String?
    /// When it was accepted.
    public let acceptedAt: Timestamp
    /// Until when it can be paid.
    public let expiresAt: Timestamp
    /// When it was paid; `nil` while it isn't.
    public let paidAt: Timestamp?
    /// When it was closed; `nil` if it never was.
    public let closedAt: Timestamp?
    /// When its next inquiry is due; `nil` where none is scheduled.
    public let nextInquiryAt: Timestamp?
    /// When its merchant requested to close it; `nil` where it hasn't.
    public let closeRequestedAt: Timestamp?
    /// Text that deliveries carry unchanged.
    public let attach: String?
    /// Where the payer's browser returns to.
    public let returnURL: String?
    /// The payer's IP address, as the merchant saw it.
    public let clientIP: String?
    /// The order's W3C `traceparent`; `nil` where it has none.
    public let traceparent: String?

    static let columns = """
        order_no, merchant_no, merchant_order_no, product, amount_fen, subject, status,
        refunded_fen, is_late, channel_trade_no, accepted_at, expires_at, paid_at, closed_at,
        next_inquiry_at, attach, return_url, client_ip, traceparent, close_requested_at
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> OrderView {
        OrderView(
            orderNo: try row.text(0), merchantNo: try row.text(1),
            merchantOrderNo: try row.text(2), product: try row.product(3),
            amount: try row.money(4), subject: try row.text(5),
            status: try row.orderStatus(6), refunded: try row.money(7),
            isLate: try row.bool(8), channelTradeNo: try row.textOrNull(9),
            acceptedAt: try row.time(10), expiresAt: try row.time(11),
            paidAt: try row.timeOrNull(12), closedAt: try row.timeOrNull(13),
            nextInquiryAt: try row.timeOrNull(14), closeRequestedAt: try row.timeOrNull(19),
            attach: try row.textOrNull(15),
            returnURL: try row.textOrNull(16), clientIP: try row.textOrNull(17),
            traceparent: try row.textOrNull(18))
    }
}

/// An order by the merchant's number.
public struct OrderByMerchantNo: PostgresStatement {
    let merchantNo: String
    let merchantOrderNo: String
    /// The natural key.
    public init(merchantNo: String, merchantOrderNo: String) {
        self.merchantNo = merchantNo
        self.merchantOrderNo = merchantOrderNo
    }

    public static let sql = """
        select \(OrderView.columns) from orders where merchant_no = $1 and merchant_order_no = $2
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(merchantNo)
        bindings.append(merchantOrderNo)
    }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OrderView {
        try OrderView.decode(row)
    }
}

/// An order by the platform's number.
public struct OrderByNo: PostgresStatement {
    let orderNo: String
    /// The key.
    public init(_ orderNo: String) { self.orderNo = orderNo }
    public static let sql = "select \(OrderView.columns) from orders where order_no = $1"
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OrderView {
        try OrderView.decode(row)
    }
}

/// The deliveries of an order.
public struct DeliveriesOfOrder: PostgresStatement {
    /// A delivery's state.
    public struct Row: Sendable {
        /// The receiver's party number.
        public let partyNo: String
        /// The event that is delivered, for example `order.paid`.
        public let eventType: String
        /// The refund; empty where the event isn't a refund.
        public let refundNo: String
        /// `pending`, `acknowledged` or `exhausted`.
        public let status: String
        /// The number of attempts made.
        public let attempt: Int32
        /// When the next attempt is due; `nil` where there is none.
        public let nextAttemptAt: Timestamp?
        /// When it was acknowledged.
        public let acknowledgedAt: Timestamp?
    }

    let orderNo: String
    /// The order's number.
    public init(_ orderNo: String) { self.orderNo = orderNo }
    public static let sql = """
        select party_no, event_type, refund_no, status, attempt, next_attempt_at, acknowledged_at
        from deliveries where order_no = $1 order by created_at, party_no
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            partyNo: try row.text(0), eventType: try row.text(1), refundNo: try row.text(2),
            status: try row.text(3), attempt: try row.int32(4),
            nextAttemptAt: try row.timeOrNull(5), acknowledgedAt: try row.timeOrNull(6))
    }
}
