/// The HTTP bodies by which a channel learns whether its notification was stored.
public struct NotificationReplies: Sendable, Hashable {
    /// The bodies' media type.
    public let contentType: String
    /// Stored: the channel stops sending it.
    public let acknowledged: String
    /// Not stored, or not the channel's: the channel sends it again.
    public let refused: String

    /// The two bodies.
    public init(contentType: String, acknowledged: String, refused: String) {
        self.contentType = contentType
        self.acknowledged = acknowledged
        self.refused = refused
    }
}
