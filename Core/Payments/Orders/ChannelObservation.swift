/// What the channel says about a trade, in a callback or in an answer.
public struct ChannelObservation: Sendable, Hashable {
    /// Our order number.
    public let orderNo: String
    /// The channel's trade number, if told.
    public let tradeNo: String?
    /// The fact.
    public let kind: Kind
    /// The trade's amount, if told.
    public let amount: Money?
    /// The app the trade was made with, if told.
    public let appID: String?
    /// The payee, if told.
    public let sellerID: String?
    /// When the fact came to be, by the channel; for `notFound`, when it answered, if known.
    public let at: Timestamp?

    /// What can be observed.
    public enum Kind: Sendable, Hashable {
        /// The channel has no such trade: the payer has not been to the cashier.
        case notFound
        /// The trade waits for its payer.
        case waiting
        /// The trade is paid.
        case paid
        /// The trade ended and was never paid.
        case closed
        /// Money went back. `cumulative` is all of it up to this refund, at least this refund.
        case refunded(refundNo: String?, refundAmount: Money?, cumulative: Money)
        /// Paid, and past refunding.
        case finished
    }

    /// An observation.
    public init(
        orderNo: String, tradeNo: String? = nil, kind: Kind, amount: Money? = nil,
        appID: String? = nil, sellerID: String? = nil, at: Timestamp? = nil
    ) {
        self.orderNo = orderNo
        self.tradeNo = tradeNo
        self.kind = kind
        self.amount = amount
        self.appID = appID
        self.sellerID = sellerID
        self.at = at
    }
}
