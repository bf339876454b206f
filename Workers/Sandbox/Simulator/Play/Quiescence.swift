/// Says whether the system has done everything that was due.
public protocol Quiescence: Sendable {
    /// Whether nothing is under way and nothing is due: no record unread, no delivery, inquiry or
    /// payout waiting for its turn at the present business time.
    func isQuiet() async throws -> Bool

    /// What is still under way, for the error when it never ends.
    func whatIsNotQuiet() async -> String
}

extension Quiescence {
    /// For those that can't say more.
    public func whatIsNotQuiet() async -> String { "the system" }
}
