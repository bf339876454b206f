public import Payments

/// An action at a time of the day.
public struct PlannedAction: Sendable, Equatable {
    /// When, in business time.
    public let at: Timestamp
    /// Actions of one lane are performed in order; an order's lane is its index.
    public let lane: Int
    /// What is done.
    public let kind: Kind

    /// The actions of merchants, payers and the channel.
    public enum Kind: Sendable, Equatable {
        /// The merchant sends the order.
        case submit
        /// The merchant sends the order again: the same bytes, or signed anew.
        case submitAgain(signedAnew: Bool)
        /// The merchant sends other content under the same number.
        case submitOther(amount: Money)
        /// The payer opens the cashier.
        case arrive
        /// The payer pays.
        case pay
        /// The merchant closes the order.
        case close
        /// The merchant requests a refund.
        case refund(refundNo: String, amount: Money)
        /// The platform refunds this amount in the channel's console, once under each number.
        case consoleRefund(requestNos: [String], amount: Money)
        /// A malformed record is published to `orders.submitted`.
        case malformedOrder(MalformedRecord)
        /// A malformed record is published to `callbacks.received`.
        case malformedCallback(MalformedRecord)
        /// The channel notifies of an order that doesn't exist.
        case notifyOfUnknownOrder(amount: Money)
        /// The channel books a trade that the platform doesn't know.
        case channelOnlyTrade(amount: Money)
    }
}
