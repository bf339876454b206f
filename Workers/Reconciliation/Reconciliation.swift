import Events
import Payments
import Postgres
import Store

/// One comparison of a complete statement with the orders and refunds, in SQL.
struct Reconciliation: Sendable {
    let statement: CompleteStatement.Row
    let now: Timestamp

    func run(in transaction: PostgresTransaction) async throws -> ReconciliationCompleted {
        let id = statement.statementID
        _ = try await transaction.run(SupersedeStatements(statementID: id, now: now))
        // Differences before matches: an order that a line has matched can't be compared again.
        let differences = try await transaction.run(FindLineDifferences(statementID: id, now: now))
        let matched = try await StatementMatching(statementID: id, day: statement.day, now: now)
            .run(in: transaction)
        let findings = ReconciliationFindings(
            lineDifferences: differences, lineMatches: matched.matches,
            platformOnly: matched.platformOnly)
        let completed = findings.completed(statement, at: now)
        _ = try await transaction.run(InsertReconciliation(completed))
        return completed
    }
}
