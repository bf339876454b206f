public import Payments

/// What happens to a trade.
public enum TradeEvent: Sendable, Equatable {
    /// The payer opens the cashier. `evenIfExpired` lets a payer in whose time is over.
    case arrive(TradeTerms, evenIfExpired: Bool)
    /// The payer pays. `evenIfClosed` takes the money although the trade is closed or expired;
    /// `paidAt` back-dates the payment, which the bill then books now.
    case pay(orderNo: String, evenIfClosed: Bool, paidAt: Timestamp?)
    /// The platform closes it.
    case close(orderNo: String)
    /// The platform gives money back.
    case refund(orderNo: String, requestNo: String, amount: Money)
    /// Time has passed: unpaid trades past their expiry close.
    case tick
}
