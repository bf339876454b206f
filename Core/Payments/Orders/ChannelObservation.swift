/// A fact about a trade that a callback or an answer of the channel states.
public struct ChannelObservation: Sendable, Hashable {
    /// Our order number.
    public let orderNo: String
    /// The channel's trade number; `nil` where the message has none.
    public let tradeNo: String?
    /// The fact.
    public let kind: Kind
    /// The trade's amount; `nil` where the message has none.
    public let amount: Money?
    /// The app of the trade; `nil` where the message has none.
    public let appID: String?
    /// The payee; `nil` where the message has none.
    public let sellerID: String?
    /// When it happened, by the channel; for `notFound`, when the channel answered. `nil` where the
    /// message has no time.
    public let at: Timestamp?

    /// How a message came, which decides what it proves.
    public enum Source: Sendable, Hashable {
        /// The channel sent it on its own. Of refunds it proves no amount: it reports them.
        case notification
        /// It answers a call of ours, about the order and refund that the call named.
        case answer
    }

    /// The kinds of facts.
    public enum Kind: Sendable, Hashable {
        /// The channel has no such trade: the payer has not opened the cashier.
        case notFound
        /// The trade waits for its payer.
        case waiting
        /// The trade is paid.
        case paid
        /// The trade ended and was never paid.
        case closed
        /// Money was refunded. `cumulative` is the sum of the trade's refunds, this one included,
        /// or of those that the message knows.
        case refunded(refundNo: String?, refundAmount: Money?, cumulative: Money)
        /// Paid, and past refunding.
        case finished
    }

    /// A fact with the fields that the message has.
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
