/// A transaction that failed in a way one error can't tell.
///
/// Where one error says it all, that error is thrown as it is: BEGIN's, the body's own after a
/// ROLLBACK that worked, or the server's refusal of COMMIT.
public struct PostgresTransactionError: Error, CustomStringConvertible {
    /// What became of the transaction's work.
    public enum Outcome: Sendable {
        /// None of it was kept: no COMMIT was sent.
        case rolledBack
        /// COMMIT was sent and its answer lost: all of it was kept, or none.
        case unknown
    }

    /// What became of the work.
    public var outcome: Outcome
    /// What the body threw.
    public var body: (any Error)?
    /// Why ROLLBACK failed.
    public var rollback: PostgresError?
    /// Why COMMIT's answer is missing.
    public var commit: PostgresError?

    /// Whether COMMIT was sent and its answer lost: find out by reading before doing it again.
    public var isOutcomeUnknown: Bool { outcome == .unknown }

    /// Whether the same work may succeed later. After an unknown outcome it may also have been
    /// done already: repeat only what is idempotent.
    public var isTransient: Bool {
        switch outcome {
        case .unknown: commit?.isTransient ?? true
        case .rolledBack: body?.isTransientPostgresFailure ?? rollback?.isTransient ?? false
        }
    }

    static func outcomeUnknown(_ commit: PostgresError) -> Self {
        Self(outcome: .unknown, body: nil, rollback: nil, commit: commit)
    }

    /// Every phase that failed, in order.
    public var description: String {
        var parts: [String] = []
        if let body { parts.append("the body failed: \(body)") }
        if let rollback { parts.append("ROLLBACK failed: \(rollback)") }
        if let commit { parts.append("COMMIT was sent and its answer lost: \(commit)") }
        return "transaction: " + parts.joined(separator: "; ")
    }
}
