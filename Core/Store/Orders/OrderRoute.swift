public import Payments

/// What the orders of one merchant and product have in common: whom the payer pays, and the chain
/// of rates. One for many orders: what a batch stores of it is sent once.
public final class OrderRoute: Sendable {
    /// Who sells.
    public let merchantNo: String
    /// How it is paid.
    public let product: Product
    /// The channel's name.
    public let channel: String
    /// The application it is paid through.
    public let appID: String
    /// The payee at the channel.
    public let sellerID: String
    /// The platform's party number.
    public let platformNo: String
    /// The chain in force.
    public let chain: PartyChain
    /// Platform, agents from the top, merchant.
    let partyNos: [String]
    /// What each of them pays the one above, from the top.
    let ratesPPM: [Int32]

    /// A route by its parts.
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
