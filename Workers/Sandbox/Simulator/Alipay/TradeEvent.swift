public import Payments

/// An event of a trade.
public enum TradeEvent: Sendable, Equatable {
    /// The payer opens the cashier; with `evenIfExpired` also after `time_expire`.
    case arrive(TradeTerms, evenIfExpired: Bool)
    /// The payer pays; with `evenIfClosed` also where the trade is closed or expired. `paidAt`
    /// back-dates the payment, which the bill then books now.
    case pay(orderNo: String, evenIfClosed: Bool, paidAt: Timestamp?)
    /// The platform closes it.
    case close(orderNo: String)
    /// The platform cancels: closes an unpaid trade, refunds a paid one in full on its day.
    case cancel(orderNo: String)
    /// The platform, or someone at the channel's console, refunds.
    case refund(orderNo: String, requestNo: String, amount: Money)
    /// Time has passed: unpaid trades past their expiry close.
    case tick
}
