public import Payments
public import Postgres

/// Orders in progress past their time, the oldest first: their payment time ended before a moment
/// and the channel has given no final answer, or their inquiry was due before it and wasn't made.
public struct StuckOrders: PostgresStatement {
    /// An order that is stuck.
    public struct Row: Sendable {
        /// The platform's order number.
        public let orderNo: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The merchant's own order number.
        public let merchantOrderNo: String
        /// The order's amount.
        public let amount: Money
        /// The current status.
        public let status: OrderStatus
        /// When it was accepted.
        public let acceptedAt: Timestamp
        /// Until when it can be paid.
        public let expiresAt: Timestamp
        /// When its next inquiry is due.
        public let nextInquiryAt: Timestamp
        /// The number of inquiries made.
        public let attempts: Int32
        /// The last answer of the channel; `nil` where none was recorded.
        public let lastAnswer: String?
    }

    let overdueBefore: Timestamp
    let limit: Int32

    /// - Parameter overdueBefore: what ended or was due before is stuck.
    public init(overdueBefore: Timestamp, limit: Int) {
        self.overdueBefore = overdueBefore
        self.limit = Int32(limit)
    }

    // Both parts read an index that holds orders in progress alone.
    public static let sql = """
        with stuck as (
            (select order_no from orders
                where next_inquiry_at > expires_at and expires_at < $1
                    and status in ('accepted', 'paying')
                order by expires_at limit $2)
            union
            (select order_no from orders
                where next_inquiry_at < $1 and status in ('accepted', 'paying')
                order by next_inquiry_at limit $2)
        )
        select o.order_no, o.merchant_no, o.merchant_order_no, o.amount_fen, o.status,
            o.accepted_at, o.expires_at, o.next_inquiry_at, o.inquiry_attempt,
            (select answer from inquiries i where i.order_no = o.order_no and i.refund_no = ''
                order by at desc, attempt desc limit 1)
        from stuck join orders o using (order_no)
        order by o.expires_at, o.order_no limit $2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(overdueBefore)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), merchantNo: try row.text(1),
            merchantOrderNo: try row.text(2), amount: try row.money(3),
            status: try row.orderStatus(4), acceptedAt: try row.time(5),
            expiresAt: try row.time(6), nextInquiryAt: try row.time(7),
            attempts: try row.int32(8), lastAnswer: try row.textOrNull(9))
    }
}

/// Refunds without an outcome past their time, the oldest first: requested ones, and numbers that
/// the channel has reported and that no query has proven.
public struct StuckRefunds: PostgresStatement {
    /// A refund that is stuck.
    public struct Row: Sendable {
        /// The platform's order number.
        public let orderNo: String
        /// The refund's number.
        public let refundNo: String
        /// `requested`, or a report's `open` or `unconfirmed`.
        public let status: String
        /// The requested amount; `nil` of a report.
        public let amount: Money?
        /// When it was requested or reported.
        public let since: Timestamp
        /// When it is queried next; `nil` where no query is due.
        public let nextAt: Timestamp?
        /// The number of calls made.
        public let attempts: Int32
        /// The last answer of the channel; `nil` where none was recorded.
        public let lastAnswer: String?
    }

    let overdueBefore: Timestamp
    let limit: Int32

    /// - Parameter overdueBefore: what was requested or reported before is stuck.
    public init(overdueBefore: Timestamp, limit: Int) {
        self.overdueBefore = overdueBefore
        self.limit = Int32(limit)
    }

    public static let sql = """
        with stuck as (
            select order_no, refund_no, status, amount_fen, requested_at as since,
                next_attempt_at, attempt
            from refunds where next_attempt_at is not null and requested_at < $1
            union all
            select order_no, refund_no, status, null, reported_at, next_attempt_at, attempt
            from refund_reports where next_attempt_at is not null and reported_at < $1
            union all
            select order_no, refund_no, status, null, reported_at, next_attempt_at, attempt
            from refund_reports where status = 'unconfirmed' and reported_at < $1
        )
        select order_no, refund_no, status, amount_fen, since, next_attempt_at, attempt,
            (select answer from inquiries i where i.order_no = stuck.order_no
                and i.refund_no = stuck.refund_no order by at desc, attempt desc limit 1)
        from stuck order by since, order_no, refund_no limit $2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(overdueBefore)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), refundNo: try row.text(1), status: try row.text(2),
            amount: try row.moneyOrNull(3), since: try row.time(4),
            nextAt: try row.timeOrNull(5), attempts: try row.int32(6),
            lastAnswer: try row.textOrNull(7))
    }
}
