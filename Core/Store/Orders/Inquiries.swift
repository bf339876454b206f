public import Payments
public import Postgres

/// Leases orders whose inquiry at the channel is due.
public struct ClaimInquiries: PostgresStatement {
    /// A leased order.
    public struct Row: Sendable {
        /// The order.
        public let orderNo: String
        /// The inquiry's number, from 1.
        public let attempt: Int32
        /// When it was accepted.
        public let acceptedAt: Timestamp
        /// Until when it can be paid.
        public let expiresAt: Timestamp
        /// Whether a close was requested.
        public let closeRequested: Bool
        /// The order's W3C `traceparent`; `nil` where it has none.
        public let traceparent: String?
    }

    let limit: Int32
    let now: Timestamp

    /// Orders whose inquiry is due at `now`, the longest overdue first.
    public init(limit: Int, now: Timestamp) {
        self.limit = Int32(limit)
        self.now = now
    }

    public static let sql = Lease.inquiries.claim(
        returning: """
            t.order_no, t.inquiry_attempt, t.accepted_at, t.expires_at,
                t.close_requested_at is not null, t.traceparent
            """)

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), attempt: try row.int32(1), acceptedAt: try row.time(2),
            expiresAt: try row.time(3), closeRequested: try row.bool(4),
            traceparent: try row.textOrNull(5))
    }
}

/// Stores when an order's next inquiry is due, if the lease's attempt is still the current one, and
/// logs this one.
public struct CompleteInquiry: PostgresStatement {
    let orderNo: String
    let attempt: Int32
    let method: String
    let answer: String
    let nextAt: Timestamp
    let closeWasRequested: Bool
    let now: Timestamp

    /// - Parameters:
    ///   - answer: the code of the channel's answer.
    ///   - closeWasRequested: as the claim had it. A close that was requested during the inquiry
    ///     makes the next one due at once.
    public init(
        orderNo: String, attempt: Int32, method: String, answer: String, nextAt: Timestamp,
        closeWasRequested: Bool, now: Timestamp
    ) {
        self.orderNo = orderNo
        self.attempt = attempt
        self.method = method
        self.answer = answer
        self.nextAt = nextAt
        self.closeWasRequested = closeWasRequested
        self.now = now
    }

    public static let sql = """
        with logged as (
            insert into inquiries (order_no, attempt, method, answer, at)
            values ($1, $2, $3, $4, $6)
            on conflict do nothing
        )
        update orders set \(Lease.inquiries.release),
            next_inquiry_at = case
                when next_inquiry_at is null then null
                when close_requested_at is not null and not $7 then $6
                else $5::timestamptz end
        where \(Lease.inquiries.isHeld)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(orderNo)
        bindings.append(attempt)
        bindings.append(method)
        bindings.append(answer)
        bindings.append(nextAt)
        bindings.append(now)
        bindings.append(closeWasRequested)
    }
}

/// Stores a merchant's request to close an order. The first one makes its inquiry due; repeating it
/// changes no schedule, so it costs the channel nothing.
public struct RequestClose: PostgresStatement {
    let orderNo: String
    let now: Timestamp

    /// An order in progress; any other isn't changed.
    public init(orderNo: String, now: Timestamp) {
        self.orderNo = orderNo
        self.now = now
    }

    public static let sql = """
        update orders set close_requested_at = coalesce(close_requested_at, $2),
            next_inquiry_at = case when close_requested_at is null then $2 else next_inquiry_at end
        where order_no = $1 and status in ('accepted', 'paying')
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(orderNo)
        bindings.append(now)
    }
}

/// When the oldest order with a scheduled inquiry was accepted; null where there is none.
public struct OldestUnresolvedOrder: PostgresStatement {
    /// Reads every order in progress.
    public init() {}

    // Reads the orders in progress by their index, whose size doesn't grow with the finished ones.
    public static let sql = """
        select min(accepted_at) from orders where next_inquiry_at is not null
        """

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Timestamp? {
        try row.timeOrNull(0)
    }
}
