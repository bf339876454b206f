public import Payments

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
