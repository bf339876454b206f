import Payments

/// An order of the day, as the merchant will ask for it.
public struct PlannedOrder: Sendable, Equatable {
    /// Its place in the plan, from 0.
    public let index: Int
    /// What becomes of it.
    public let story: OrderStory
    /// Who sells.
    public let merchantNo: String
    /// The merchant's number.
    public let merchantOrderNo: String
    /// How it is to be paid.
    public let product: Product
    /// What is to be paid.
    public let amount: Money
    /// What the payer sees.
    public let subject: String
    /// How long the payer has.
    public let expiresInSeconds: Int64
    /// The version of the key that signs.
    public let keyVersion: Int
    /// Whether the request names the merchant's callback address itself.
    public let namesNotifyURL: Bool
    /// Where the payer's browser returns to.
    public let returnURL: String?
    /// Given back unchanged in callbacks.
    public let attach: String?
    /// What the channel does wrong on it.
    public internal(set) var faults: ChannelFaults
}

/// Something that happens at a time of the day.
public struct PlannedAction: Sendable, Equatable {
    /// When, in business time.
    public let at: Timestamp
    /// Actions of one lane stay in order; an order's lane is its index.
    public let lane: Int
    /// What.
    public let kind: Kind

    /// What can happen.
    public enum Kind: Sendable, Equatable {
        /// The merchant sends the order.
        case submit
        /// The merchant sends it again: the same bytes, or signed anew.
        case submitAgain(signedAnew: Bool)
        /// The merchant sends other content under the same number.
        case submitOther(amount: Money)
        /// The payer opens the cashier.
        case arrive
        /// The payer pays.
        case pay
        /// The merchant closes the order.
        case close
        /// The merchant gives money back.
        case refund(refundNo: String, amount: Money)
        /// A record that isn't an order appears on `orders.submitted`.
        case malformedOrder(MalformedRecord)
        /// A record that isn't a callback appears on `callbacks.received`.
        case malformedCallback(MalformedRecord)
        /// The channel notifies of an order that nobody made.
        case notifyOfUnknownOrder(amount: Money)
        /// The channel's books hold a trade that the platform doesn't know.
        case channelOnlyTrade(amount: Money)
    }
}

/// How a record is malformed.
public enum MalformedRecord: String, Sendable, CaseIterable {
    /// Not JSON at all.
    case notJSON
    /// JSON of another shape.
    case wrongShape
    /// The right shape, with a signature that nobody made.
    case forged
}
