import Events
import Payments
import Postgres
import Store

/// One comparison of a complete statement with the orders and refunds, in SQL.
struct Reconciliation: Sendable {
    let statement: CompleteStatement.Row
    let escalateAfterDays: Int
    let now: Timestamp

    func run(in transaction: PostgresTransaction) async throws -> ReconciliationCompleted {
        let id = statement.statementID
        _ = try await transaction.run(SupersedeStatements(statementID: id, now: now))
        // Differences first: afterwards everything that agrees is marked and tells nothing.
        let kinds = try await transaction.run(FindLineDifferences(statementID: id, now: now))
        let orders = try await transaction.run(MatchOrders(statementID: id))
        let refunds = try await transaction.run(MatchRefunds(statementID: id))
        let platformOnly = try await transaction.run(
            FindPlatformOnly(statementID: id, day: statement.day, now: now))
        _ = try await transaction.run(ResolveDifferences(statementID: id, now: now))
        _ = try await transaction.run(
            RevisitDifferences(
                day: statement.day, escalateAfterDays: escalateAfterDays, now: now))
        func count(_ kind: DifferenceKind) -> Int { kinds.count { $0 == kind.rawValue } }
        let completed = ReconciliationCompleted(
            envelope: ReconciliationCompleted.envelope(at: now), reconciliationID: "R-\(id)",
            channel: statement.channel, date: statement.day,
            statementID: id, matched: (orders + refunds).count { $0 },
            platformOnly: platformOnly.count, channelOnly: count(.channelOnly),
            amountMismatch: count(.amountMismatch), statusMismatch: count(.statusMismatch),
            feeMismatch: count(.feeMismatch), duplicate: count(.duplicate))
        _ = try await transaction.run(InsertReconciliation(completed))
        return completed
    }
}
