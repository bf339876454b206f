/// Whom a payer pays at a channel: what an order is made with and its callbacks are held against.
public struct ChannelAccount: Sendable, Hashable {
    /// The channel's name, for example `alipay`.
    public let channel: String
    /// The application.
    public let appID: String
    /// The payee; empty where it isn't configured, and then not checked.
    public let sellerID: String

    /// An account by its parts.
    public init(channel: String, appID: String, sellerID: String) {
        self.channel = channel
        self.appID = appID
        self.sellerID = sellerID
    }

    /// The account that the channel's bills name: the payee with the channel's suffix for the
    /// balance account. `nil` where the payee isn't configured.
    public var billAccount: String? { sellerID.isEmpty ? nil : sellerID + "0156" }
}
