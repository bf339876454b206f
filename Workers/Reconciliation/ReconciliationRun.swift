public import Events
public import Payments
public import Postgres
import Store

/// Compares a day again: with orders, refunds, inquiries and people's decisions that came after its
/// statement was compared. Where nothing is new, nothing changes.
public struct ReconciliationRun: Sendable {
    /// What one statement's comparison found.
    public struct Outcome: Sendable {
        /// The statement.
        public let statementID: String
        /// The new reconciliation, which counts what is new, to be published; `nil` where nothing
        /// is.
        public let reconciliation: ReconciliationCompleted?
        /// Orders and refunds that are matched and wait for the settlement that follows.
        public let unsettled: Int64
    }

    /// The day whose statements are compared.
    public let day: BusinessDay
    let now: Timestamp

    /// - Parameter day: of the statements; of each account's the newest version is compared.
    public init(day: BusinessDay, now: Timestamp) {
        self.day = day
        self.now = now
    }

    /// - Returns: an outcome for each account's newest complete statement of the day; none where
    ///   there is no such statement.
    public func run(in transaction: PostgresTransaction) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        // Which version is the newest is read again behind the lock: another one may have come.
        _ = try await transaction.run(LockStatementsOfDay(day: day))
        for statement in try await transaction.run(LockStatementsOfDay(day: day)) {
            outcomes.append(try await compare(statement, in: transaction))
        }
        return outcomes
    }

    private func compare(
        _ statement: LockStatementsOfDay.Row, in transaction: PostgresTransaction
    ) async throws -> Outcome {
        let id = statement.statementID
        let new = try await StatementMatching(statementID: id, day: day, now: now)
            .run(in: transaction)
        let matched = new.matches.count + new.revisited
        let waiting = try await transaction.run(UnsettledMatches(statementID: id)).first ?? 0
        guard matched > 0 || new.platformOnly > 0 || waiting > 0 else {
            return Outcome(statementID: id, reconciliation: nil, unsettled: 0)
        }
        let completed = ReconciliationCompleted(
            envelope: ReconciliationCompleted.envelope(at: now),
            reconciliationID: "R-\(id)-\(statement.reconciliations + 1)",
            channel: statement.channel, date: day, statementID: id,
            matched: matched, platformOnly: new.platformOnly,
            channelOnly: 0, amountMismatch: 0, statusMismatch: 0, feeMismatch: 0, duplicate: 0)
        _ = try await transaction.run(InsertReconciliation(completed))
        return Outcome(statementID: id, reconciliation: completed, unsettled: waiting)
    }
}
