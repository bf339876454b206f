/// A transaction in which more than one step failed, or whose outcome is unknown.
///
/// A single failure is thrown as it is: BEGIN's, the body's own after a successful ROLLBACK, or the
/// server's refusal of COMMIT.
public struct PostgresTransactionError: Error, CustomStringConvertible {
    /// Whether the transaction's work is stored.
    public enum Outcome: Sendable {
        /// None of it is stored: no COMMIT was sent.
        case rolledBack
        /// COMMIT was sent and its response lost: all of it is stored, or none.
        case unknown
    }

    /// Whether the work is stored.
    public var outcome: Outcome
    /// The body's error.
    public var body: (any Error)?
    /// Why ROLLBACK failed.
    public var rollback: PostgresError?
    /// Why COMMIT's response is missing.
    public var commit: PostgresError?

    /// Whether COMMIT was sent and its response lost: read the state before a retry.
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
        if let commit { parts.append("COMMIT was sent and its response lost: \(commit)") }
        return "transaction: " + parts.joined(separator: "; ")
    }
}
