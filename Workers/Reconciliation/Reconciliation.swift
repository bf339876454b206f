import Events
import Payments
import Postgres
import Store

/// One comparison of a complete statement with the orders and refunds, in SQL.
struct Reconciliation: Sendable {
    /// An open difference older than this is escalated.
    static let escalateAfterDays = 3

    let statement: CompleteStatement.Row
    let now: Timestamp

    func run(in transaction: PostgresTransaction) async throws -> ReconciliationCompleted {
        let id = statement.statementID
        _ = try await transaction.run(SupersedeStatements(statementID: id, now: now))
        // Differences before matches: an order that a line has matched can't be compared again.
        let differences = try await transaction.run(FindLineDifferences(statementID: id, now: now))
        let orders = try await transaction.run(MatchOrders(statementID: id))
        let refunds = try await transaction.run(MatchRefunds(statementID: id))
        let platformOnly = try await transaction.run(
            FindPlatformOnly(statementID: id, day: statement.day, now: now))
        _ = try await transaction.run(ResolveDifferences(statementID: id, now: now))
        _ = try await transaction.run(
            RevisitDifferences(
                day: statement.day, escalateAfterDays: Self.escalateAfterDays, now: now))
        _ = try await transaction.run(ReverseResolutions(statementID: id, now: now))
        let findings = ReconciliationFindings(
            lineDifferences: differences, lineMatches: orders + refunds,
            platformOnly: platformOnly.count)
        let completed = findings.completed(statement, at: now)
        _ = try await transaction.run(InsertReconciliation(completed))
        return completed
    }
}
