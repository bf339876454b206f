public import Payments
public import Postgres

/// Leases orders that the channel is to be asked about.
public struct ClaimInquiries: PostgresStatement {
    /// A leased order.
    public struct Row: Sendable {
        /// The order.
        public let orderNo: String
        /// Which inquiry this is, from 1.
        public let attempt: Int32
        /// When it was accepted.
        public let acceptedAt: Timestamp
        /// Until when it could be paid.
        public let expiresAt: Timestamp
        /// Whether the merchant wants it closed.
        public let closeRequested: Bool
        /// The trace it belongs to.
        public let traceparent: String?
    }

    let limit: Int32
    let now: Timestamp

    /// Orders due at `now`, the longest overdue first.
    public init(limit: Int, now: Timestamp) {
        self.limit = Int32(limit)
        self.now = now
    }

    // The array is made once and its rows found by key, whatever the limit turns out to be.
    public static let sql = """
        update orders as o set inquiry_attempt = o.inquiry_attempt + 1,
            inquiry_lease_until = clock_timestamp() + interval '60 seconds'
        where o.order_no = any(array(
            select order_no from orders
            where next_inquiry_at <= $1
                and (inquiry_lease_until is null or inquiry_lease_until < clock_timestamp())
            order by next_inquiry_at limit $2 for update skip locked
        ))
        returning o.order_no, o.inquiry_attempt, o.accepted_at, o.expires_at,
            o.close_requested_at is not null, o.traceparent
        """

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

/// Stores when an order is asked about next, if the lease is still the one it was asked under.
public struct CompleteInquiry: PostgresStatement {
    let orderNo: String
    let attempt: Int32
    let method: String
    let answer: String
    let nextAt: Timestamp
    let knewOfClose: Bool
    let now: Timestamp

    /// - Parameters:
    ///   - answer: what the channel said, as its code.
    ///   - knewOfClose: whether the claim said that the merchant wants the order closed. A wish
    ///     that came while the channel was being asked is due at once.
    public init(
        orderNo: String, attempt: Int32, method: String, answer: String, nextAt: Timestamp,
        knewOfClose: Bool, now: Timestamp
    ) {
        self.orderNo = orderNo
        self.attempt = attempt
        self.method = method
        self.answer = answer
        self.nextAt = nextAt
        self.knewOfClose = knewOfClose
        self.now = now
    }

    public static let sql = """
        with asked as (
            insert into inquiries (order_no, attempt, method, answer, at)
            values ($1, $2, $3, $4, $6)
            on conflict do nothing
        )
        update orders set inquiry_lease_until = null,
            next_inquiry_at = case
                when next_inquiry_at is null then null
                when close_requested_at is not null and not $7 then $6
                else $5::timestamptz end
        where order_no = $1 and inquiry_attempt = $2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(orderNo)
        bindings.append(attempt)
        bindings.append(method)
        bindings.append(answer)
        bindings.append(nextAt)
        bindings.append(now)
        bindings.append(knewOfClose)
    }
}

/// Writes down that a merchant wants an order closed, and makes asking the channel due.
public struct RequestClose: PostgresStatement {
    let orderNo: String
    let now: Timestamp

    /// An order in progress; any other is left alone.
    public init(orderNo: String, now: Timestamp) {
        self.orderNo = orderNo
        self.now = now
    }

    public static let sql = """
        update orders set close_requested_at = coalesce(close_requested_at, $2),
            next_inquiry_at = $2
        where order_no = $1 and status in ('accepted', 'paying')
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(orderNo)
        bindings.append(now)
    }
}

/// When the oldest order was accepted that is still to be asked about; null where there is none.
public struct OldestUnresolvedOrder: PostgresStatement {
    /// Of all.
    public init() {}

    // Reads the orders in progress, by their index; those that are settled cost nothing.
    public static let sql = """
        select min(accepted_at) from orders where next_inquiry_at is not null
        """

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Timestamp? {
        try row.timeOrNull(0)
    }
}

/// Leases refunds that the channel is to be asked for.
public struct ClaimRefunds: PostgresStatement {
    /// A leased refund.
    public struct Row: Sendable {
        /// The refund.
        public let refundNo: String
        /// Its order.
        public let orderNo: String
        /// How much.
        public let amount: Money
        /// Why.
        public let reason: String
        /// Which attempt this is, from 1.
        public let attempt: Int32
        /// The trace of the order.
        public let traceparent: String?
    }

    let limit: Int32
    let now: Timestamp

    /// Refunds due at `now`; at most one of an order at a time.
    public init(limit: Int, now: Timestamp) {
        self.limit = Int32(limit)
        self.now = now
    }

    // The array is made once and its rows found by key, whatever the limit turns out to be.
    public static let sql = """
        update refunds as r set attempt = r.attempt + 1,
            lease_until = clock_timestamp() + interval '60 seconds'
        where r.refund_no = any(array(
            select refund_no from refunds d
            where next_attempt_at <= $1
                and (lease_until is null or lease_until < clock_timestamp())
                and not exists (select from refunds e where e.order_no = d.order_no
                    and e.status = 'requested'
                    and (e.requested_at, e.refund_no) < (d.requested_at, d.refund_no))
            order by next_attempt_at limit $2 for update skip locked
        ))
        returning r.refund_no, r.order_no, r.amount_fen, r.reason, r.attempt,
            (select traceparent from orders o where o.order_no = r.order_no)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            refundNo: try row.text(0), orderNo: try row.text(1), amount: try row.money(2),
            reason: try row.text(3), attempt: try row.int32(4),
            traceparent: try row.textOrNull(5))
    }
}

/// Stores that a refund is to be asked about again, or was refused for good.
public struct CompleteRefundAttempt: PostgresStatement {
    let refundNo: String
    let attempt: Int32
    let nextAt: Timestamp?
    let failure: String?
    let now: Timestamp

    /// - Parameter failure: the channel's final no; then there is no next time.
    public init(
        refundNo: String, attempt: Int32, nextAt: Timestamp?, failure: String?, now: Timestamp
    ) {
        self.refundNo = refundNo
        self.attempt = attempt
        self.nextAt = nextAt
        self.failure = failure
        self.now = now
    }

    public static let sql = """
        update refunds set lease_until = null,
            next_attempt_at = case when $4::text is null then $3::timestamptz end,
            status = case when $4 is null then status else 'failed' end,
            failure = $4,
            completed_at = case when $4 is null then null else $5::timestamptz end
        where refund_no = $1 and attempt = $2 and status = 'requested'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(refundNo)
        bindings.append(attempt)
        bindings.append(nextAt)
        bindings.append(failure)
        bindings.append(now)
    }
}
