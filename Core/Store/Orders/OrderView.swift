import Events
public import Payments
public import Postgres

/// An order as its merchant sees it.
public struct OrderView: Sendable {
    /// The platform's number.
    public let orderNo: String
    /// Who sells.
    public let merchantNo: String
    /// The merchant's number.
    public let merchantOrderNo: String
    /// How it is paid.
    public let product: Product
    /// What is paid.
    public let amount: Money
    /// What the payer sees.
    public let subject: String
    /// The state.
    public let status: OrderStatus
    /// What has been given back.
    public let refunded: Money
    /// Whether it was paid after it had been closed here.
    public let isLate: Bool
    /// The channel's number.
    public let channelTradeNo: String?
    /// Times of its life.
    public let acceptedAt: Timestamp
    /// Until when it can be paid.
    public let expiresAt: Timestamp
    /// When it was paid.
    public let paidAt: Timestamp?
    /// When it was closed.
    public let closedAt: Timestamp?
    /// When the channel is asked next, where it is.
    public let nextInquiryAt: Timestamp?
    /// Given back unchanged.
    public let attach: String?
    /// Where the payer returns to.
    public let returnURL: String?
    /// The payer's address as the merchant saw it.
    public let clientIP: String?
    /// The trace it belongs to, a W3C `traceparent`.
    public let traceparent: String?

    static let columns = """
        order_no, merchant_no, merchant_order_no, product, amount_fen, subject, status,
        refunded_fen, is_late, channel_trade_no, accepted_at, expires_at, paid_at, closed_at,
        next_inquiry_at, attach, return_url, client_ip, traceparent
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
            nextInquiryAt: try row.timeOrNull(14), attach: try row.textOrNull(15),
            returnURL: try row.textOrNull(16), clientIP: try row.textOrNull(17),
            traceparent: try row.textOrNull(18))
    }
}

/// The order behind a merchant's number.
public struct OrderByMerchantNo: PostgresStatement {
    let merchantNo: String
    let merchantOrderNo: String
    /// By the natural key.
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

/// The order of a number of ours.
public struct OrderByNo: PostgresStatement {
    let orderNo: String
    /// By the key.
    public init(_ orderNo: String) { self.orderNo = orderNo }
    public static let sql = "select \(OrderView.columns) from orders where order_no = $1"
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OrderView {
        try OrderView.decode(row)
    }
}

/// One line of an order's timeline: a change, an inquiry, a refund asked for, a delivery attempt.
public struct OrderTimeline: PostgresStatement {
    /// What happened, and when.
    public struct Row: Sendable {
        /// When it was recorded.
        public let at: Timestamp
        /// `event`, `inquiry`, `refund` or `delivery`.
        public let kind: String
        /// In a few words.
        public let text: String
    }

    let orderNo: String
    /// Everything of one order, in order.
    public init(_ orderNo: String) { self.orderNo = orderNo }

    public static let sql = """
        select recorded_at, 'event', event_type || ' (' || origin || ') ' || detail
        from order_history where order_no = $1
        union all
        select at, 'inquiry', 'asked ' || method || ': ' || answer
        from inquiries where order_no = $1
        union all
        select requested_at, 'refund',
            'refund ' || refund_no || ' of ' || amount_fen || ' fen asked for: ' || status
                || coalesce(' (' || failure || ')', '')
        from refunds where order_no = $1 and origin = 'merchant'
        union all
        select a.at, 'delivery', 'told ' || d.party_no || ' of ' || d.event_type || ', attempt '
            || a.attempt || ': ' || coalesce(a.error, 'acknowledged')
        from deliveries d join delivery_attempts a using (delivery_id) where d.order_no = $1
        order by 1, 2
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(at: try row.time(0), kind: try row.text(1), text: try row.text(2))
    }
}

/// The deliveries of an order.
public struct DeliveriesOfOrder: PostgresStatement {
    /// A delivery's state.
    public struct Row: Sendable {
        /// Whom.
        public let partyNo: String
        /// Of what.
        public let eventType: String
        /// Of which refund; empty if none.
        public let refundNo: String
        /// `pending`, `acknowledged` or `exhausted`.
        public let status: String
        /// How often it was tried.
        public let attempt: Int32
        /// When it is tried next.
        public let nextAttemptAt: Timestamp?
        /// When it was acknowledged.
        public let acknowledgedAt: Timestamp?
    }

    let orderNo: String
    /// All of one order.
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
