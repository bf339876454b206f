public import Payments

/// What the orders of one merchant and product share: the channel account and the chain of rates. A
/// class: many orders hold one.
public final class OrderRoute: Sendable {
    /// The merchant's party number.
    public let merchantNo: String
    /// The payment product.
    public let product: Product
    /// The channel's name.
    public let channel: String
    /// The app at the channel.
    public let appID: String
    /// The payee at the channel.
    public let sellerID: String
    /// The platform's party number.
    public let platformNo: String
    /// The chain in force.
    public let chain: PartyChain
    /// The party numbers of the platform, the agents from the top, and the merchant.
    let partyNos: [String]
    /// The rates of the channel, the agents from the top, and the merchant, in ppm.
    let ratesPPM: [Int32]

    /// A route of these parts.
    public init(
        merchantNo: String, product: Product, channel: String, appID: String, sellerID: String,
        platformNo: String, chain: PartyChain
    ) {
        self.merchantNo = merchantNo
        self.product = product
        self.channel = channel
        self.appID = appID
        self.sellerID = sellerID
        self.platformNo = platformNo
        self.chain = chain
        partyNos = [platformNo] + chain.levels.map(\.partyNo) + [chain.merchantNo]
        ratesPPM = chain.rates.map { Int32(clamping: $0.ppm) }
    }
}
