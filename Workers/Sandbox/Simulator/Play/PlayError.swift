/// Why a played day stopped.
public struct PlayError: Error, Sendable, CustomStringConvertible {
    /// The business time that was being played.
    public let time: String
    /// What wasn't quiet.
    public let detail: String

    /// The time it stopped at and the reason.
    public var description: String {
        "the played day stopped at \(time): \(detail); see the roles' logs"
    }
}
