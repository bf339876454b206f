/// The account that payers pay to at a channel: an order is created with it, and each callback is
/// compared with the order's.
public struct ChannelAccount: Sendable, Hashable {
    /// The channel's name in events, tables and routes.
    public let channel: String
    /// The application's number at the channel.
    public let appID: String
    /// The payee's number; empty where it isn't configured, and then not compared.
    public let sellerID: String
    /// The account that the channel's bills name; `nil` where it isn't configured, and then not
    /// compared.
    public let billAccount: String?

    /// - Parameter billAccount: how the channel writes the payee in its bills.
    public init(channel: String, appID: String, sellerID: String, billAccount: String? = nil) {
        self.channel = channel
        self.appID = appID
        self.sellerID = sellerID
        self.billAccount = billAccount
    }
}
