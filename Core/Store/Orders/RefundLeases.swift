public import Payments
public import Postgres

/// Leases refunds that are due to be requested, or queried, at the channel.
public struct ClaimRefunds: PostgresStatement {
    /// A leased refund.
    public struct Row: Sendable {
        /// The channel's request number of the refund.
        public let refundNo: String
        /// The order.
        public let orderNo: String
        /// The refund's amount.
        public let amount: Money
        /// The merchant's reason; may be empty.
        public let reason: String
        /// The attempt's number, from 1.
        public let attempt: Int32
        /// The order's W3C `traceparent`; `nil` where it has none.
        public let traceparent: String?
    }

    let limit: Int32
    let now: Timestamp

    /// Refunds due at `now`; at most one of an order at a time.
    public init(limit: Int, now: Timestamp) {
        self.limit = Int32(limit)
        self.now = now
    }

    public static let sql = Lease.refunds.claim(
        returning: """
            t.refund_no, t.order_no, t.amount_fen, t.reason, t.attempt,
                (select traceparent from orders o where o.order_no = t.order_no)
            """)

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

/// Stores when a refund is requested again, or that the channel refused it, if the lease's attempt
/// is still the current one; logs the attempt.
public struct CompleteRefundAttempt: PostgresStatement {
    let refundNo: String
    let orderNo: String
    let attempt: Int32
    let answer: String
    let nextAt: Timestamp?
    let failure: String?
    let now: Timestamp

    /// - Parameters:
    ///   - answer: the calls and the codes of the channel's answers.
    ///   - failure: the channel's final refusal; then `nextAt` is ignored.
    public init(
        refundNo: String, orderNo: String, attempt: Int32, answer: String, nextAt: Timestamp?,
        failure: String?, now: Timestamp
    ) {
        self.refundNo = refundNo
        self.orderNo = orderNo
        self.attempt = attempt
        self.answer = answer
        self.nextAt = nextAt
        self.failure = failure
        self.now = now
    }

    public static let sql = """
        with logged as (
            insert into inquiries (order_no, attempt, method, refund_no, answer, at)
            values ($6, $2, 'refund', $1, $7, $5)
            on conflict do nothing
        )
        update refunds set \(Lease.refunds.release),
            next_attempt_at = case when $4::text is null then $3::timestamptz end,
            status = case when $4 is null then status else 'failed' end,
            failure = $4,
            completed_at = case when $4 is null then null else $5::timestamptz end
        where \(Lease.refunds.isHeld) and origin <> 'channel' and status = 'requested'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(refundNo)
        bindings.append(attempt)
        bindings.append(nextAt)
        bindings.append(failure)
        bindings.append(now)
        bindings.append(orderNo)
        bindings.append(answer)
    }
}
