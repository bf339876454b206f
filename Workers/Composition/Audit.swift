package import Payments
package import Postgres
import Store

/// The invariants of the ledger, as `tally audit` and `tally demo` check them.
package enum Audit {
    // An order in progress is closed soon after its expiry; a day is far beyond any delay.
    private static let overdueSeconds: Int64 = 86_400

    /// A line for each breach: `invariant: subject detail`; empty where there is none.
    package static func breaches(
        on connection: PostgresConnection, now: Timestamp
    ) async throws -> [String] {
        try await connection.run(
            AuditLedger(overdueBefore: now.adding(seconds: -overdueSeconds))
        ).map { "\($0.invariant): \($0.subject) \($0.detail)" }
    }
}
