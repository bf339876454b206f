/// The SQL of leases on a table's rows.
///
/// A claim counts an attempt and holds the row for some seconds of real time. A completion compares
/// the attempt: after the lease expired and another claim took the row, it changes nothing.
struct Lease: Sendable {
    /// The table whose rows are claimed.
    let table: String
    /// The rows' key.
    let key: String
    /// The key's other columns as a condition, for example `channel = $3`; `nil` where there is
    /// none.
    var scope: String?
    /// The column of the business time from which a row is due; null where it isn't.
    var due = "next_attempt_at"
    /// The column that counts the claims.
    var attempt = "attempt"
    /// The column of the lease's end, in real time; null where there is no lease.
    var until = "lease_until"
    /// How long a claim holds the row.
    var seconds = 60
    /// A further condition on a row `d` to be claimed.
    var condition: String?
    /// The order in which due rows are claimed.
    var order = "next_attempt_at"

    /// Claims due rows that no one holds: `$1` is the time by which they are due, `$2` how many.
    /// - Parameter columns: the columns returned; the table's alias is `t`.
    func claim(returning columns: String) -> String {
        let conditions = [scope, condition].compactMap(\.self).map { "\n        and \($0)" }
        // The array is made once and its rows found by key, whatever the limit turns out to be.
        return """
            update \(table) as t set \(attempt) = t.\(attempt) + 1,
                \(until) = clock_timestamp() + interval '\(seconds) seconds'
            where \(scope.map { "\($0) and " } ?? "")t.\(key) = any(array(
                select d.\(key) from \(table) as d
                where \(due) <= $1
                    and (\(until) is null or \(until) < clock_timestamp())\(conditions.joined())
                order by \(order) limit $2 for update skip locked
            ))
            returning \(columns)
            """
    }

    /// The condition of a completion: `$1` is the row's key, `$2` the claim's attempt.
    var isHeld: String { "\(key) = $1 and \(attempt) = $2" }

    /// The assignment of a completion that ends the lease.
    var release: String { "\(until) = null" }
}

extension Lease {
    /// Claimed by ``ClaimDeliveries``, which bounds what it takes of each party.
    static let deliveries = Lease(table: "deliveries", key: "delivery_id")

    static let inquiries = Lease(
        table: "orders", key: "order_no", due: "next_inquiry_at", attempt: "inquiry_attempt",
        until: "inquiry_lease_until", order: "next_inquiry_at")

    /// An order's refunds are claimed one after the other, in the order of their requests.
    /// The numbers of requested refunds are unique; those of refunds made at the channel aren't,
    /// and they are never claimed.
    static let refunds = Lease(
        table: "refunds", key: "refund_no", scope: "origin <> 'channel'",
        condition: """
            not exists (select from refunds e where e.order_no = d.order_no
                and e.status = 'requested'
                and (e.requested_at, e.refund_no) < (d.requested_at, d.refund_no))
            """)

    static let refundReports = Lease(table: "refund_reports", key: "report_id")

    static let payouts = Lease(
        table: "payouts", key: "payout_no", order: "next_attempt_at, payout_no")

    /// A step makes three calls at most, of ten seconds each.
    static let applications = Lease(
        table: "applications", key: "application_no",
        order: "next_attempt_at, application_no")

    /// A download takes longer than a call: 300 s.
    static let statementFetches = Lease(
        table: "statement_fetches", key: "day", scope: "channel = $3", seconds: 300, order: "day")
}
