import Events
import Payments
import Store

/// What the statements of one comparison found, and the event that reports it.
struct ReconciliationFindings: Sendable {
    /// The kind of each line that differs, as `differences.kind`.
    let lineDifferences: [String]
    /// For each line whose payment or refund was found: whether it is matched.
    let lineMatches: [Bool]
    /// How many payments and refunds of the platform the statement lacks.
    let platformOnly: Int

    /// The event of a complete statement's comparison.
    func completed(
        _ statement: CompleteStatement.Row, at now: Timestamp
    ) -> ReconciliationCompleted {
        ReconciliationCompleted(
            envelope: ReconciliationCompleted.envelope(at: now),
            reconciliationID: "R-\(statement.statementID)", channel: statement.channel,
            date: statement.day, statementID: statement.statementID,
            matched: lineMatches.count { $0 }, platformOnly: platformOnly,
            channelOnly: count(.channelOnly), amountMismatch: count(.amountMismatch),
            statusMismatch: count(.statusMismatch), feeMismatch: count(.feeMismatch),
            duplicate: count(.duplicate))
    }

    private func count(_ kind: DifferenceKind) -> Int {
        lineDifferences.count { $0 == kind.rawValue }
    }
}
