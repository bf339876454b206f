/// Finds out whether the system has done everything that was due.
public protocol Quiescence: Sendable {
    /// Whether nothing is in flight and nothing is due at the present business time: no record
    /// unread, no delivery, inquiry, refund or payout.
    func isQuiet() async throws -> Bool

    /// What is still in flight or due, for the error of a play that stopped.
    func whatIsNotQuiet() async -> String
}

extension Quiescence {
    /// The default names nothing.
    public func whatIsNotQuiet() async -> String { "the system" }
}
