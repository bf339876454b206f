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

/// Why a day can't go on.
public struct PlayError: Error, Sendable, CustomStringConvertible {
    /// The business time that was being played.
    public let time: String
    /// What didn't come to rest.
    public let detail: String

    /// Where it stopped and on what.
    public var description: String {
        "the played day stopped at \(time): \(detail); see the roles' logs for what it waits on"
    }
}
