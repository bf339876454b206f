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
