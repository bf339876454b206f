public import Payments

/// What the channel's blacklist answered.
public struct BlacklistAnswer: Sendable, Equatable {
    /// The answer.
    public let result: BlacklistResult
    /// The fields that are listed; empty but for `listed`.
    public let listed: [FieldProblem]

    /// An answer by its parts.
    public init(_ result: BlacklistResult, listed: [FieldProblem] = []) {
        self.result = result
        self.listed = listed
    }
}
