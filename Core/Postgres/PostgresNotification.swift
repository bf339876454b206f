/// What a listener hears on a channel.
public struct PostgresNotification: Hashable, Sendable {
    /// The channel.
    public var channel: String
    /// What the notifier sent along; may be empty.
    public var payload: String
    /// Whether this stands for a gap: the listener was disconnected for a while and is back, and
    /// may have missed any number of notifications. The payload is empty.
    public var isGap: Bool

    /// A notification, or a gap.
    public init(channel: String, payload: String, isGap: Bool) {
        self.channel = channel
        self.payload = payload
        self.isGap = isGap
    }
}
