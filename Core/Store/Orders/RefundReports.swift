public import Payments
public import Postgres

/// Stores the numbers of refunds that the channel has reported: each that isn't known here is due
/// to be queried. Makes the requested refunds of these orders due too.
public struct ReportRefunds: PostgresStatement {
    /// A refund's number in a report.
    public struct Report: Sendable, Hashable {
        /// The order.
        public let orderNo: String
        /// The channel's request number.
        public let refundNo: String

        /// A refund's number in a report.
        public init(orderNo: String, refundNo: String) {
            self.orderNo = orderNo
            self.refundNo = refundNo
        }
    }

    let reports: [Report]
    let orderNos: [String]
    let now: Timestamp

    /// - Parameter orderNos: orders of which the channel has reported more than is known here.
    public init(_ reports: [Report], orderNos: [String], now: Timestamp) {
        self.reports = reports
        self.orderNos = orderNos
        self.now = now
    }

    public static let sql = """
        with requested as (
            update refunds set next_attempt_at = least(next_attempt_at, $4)
            where order_no = any($3) and status = 'requested'
        )
        insert into refund_reports as p (order_no, refund_no, reported_at, next_attempt_at)
        select n.order_no, n.refund_no, $4, $4
        from unnest($1::text[], $2::text[]) as n (order_no, refund_no)
        where not exists (select from refunds r where r.order_no = n.order_no
            and r.refund_no = n.refund_no and r.status <> 'failed')
        on conflict (order_no, refund_no) do update
        set status = 'open', next_attempt_at = excluded.next_attempt_at
        where p.status = 'unconfirmed'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(reports.map(\.orderNo))
        bindings.append(reports.map(\.refundNo))
        bindings.append(orderNos)
        bindings.append(now)
    }
}

/// Leases reported refunds that are due to be queried at the channel.
public struct ClaimRefundReports: PostgresStatement {
    /// A leased report.
    public struct Row: Sendable {
        /// The report's key.
        public let id: Int64
        /// The order.
        public let orderNo: String
        /// The channel's request number.
        public let refundNo: String
        /// The query's number, from 1.
        public let attempt: Int32
        /// The order's W3C `traceparent`; `nil` where it has none.
        public let traceparent: String?
    }

    let limit: Int32
    let now: Timestamp

    /// Reports due at `now`, the longest overdue first.
    public init(limit: Int, now: Timestamp) {
        self.limit = Int32(limit)
        self.now = now
    }

    public static let sql = Lease.refundReports.claim(
        returning: """
            t.report_id, t.order_no, t.refund_no, t.attempt,
                (select traceparent from orders o where o.order_no = t.order_no)
            """)

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            id: try row.int64(0), orderNo: try row.text(1), refundNo: try row.text(2),
            attempt: try row.int32(3), traceparent: try row.textOrNull(4))
    }
}

/// Stores when a reported refund is queried again, or that it stays unconfirmed, if the lease's
/// attempt is still the current one; logs the query.
public struct CompleteRefundReport: PostgresStatement {
    let report: ClaimRefundReports.Row
    let answer: String
    let nextAt: Timestamp?
    let now: Timestamp

    /// - Parameters:
    ///   - answer: the code of the channel's answer.
    ///   - nextAt: `nil` where no further query follows.
    public init(
        _ report: ClaimRefundReports.Row, answer: String, nextAt: Timestamp?, now: Timestamp
    ) {
        self.report = report
        self.answer = answer
        self.nextAt = nextAt
        self.now = now
    }

    public static let sql = """
        with logged as (
            insert into inquiries (order_no, attempt, method, refund_no, answer, at)
            values ($3, $2, 'query_refund', $4, $5, $7)
            on conflict do nothing
        )
        update refund_reports set \(Lease.refundReports.release), next_attempt_at = $6,
            status = case when $6::timestamptz is null then 'unconfirmed' else status end
        where \(Lease.refundReports.isHeld) and status = 'open'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(report.id)
        bindings.append(report.attempt)
        bindings.append(report.orderNo)
        bindings.append(report.refundNo)
        bindings.append(answer)
        bindings.append(nextAt)
        bindings.append(now)
    }
}
