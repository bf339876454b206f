public import Payments

/// A trade at the channel.
public struct Trade: Sendable, Equatable {
    /// The channel's states (channel protocol §4).
    public enum Status: String, Sendable {
        /// The payer has opened the cashier and not paid.
        case waiting = "WAIT_BUYER_PAY"
        /// Paid.
        case paid = "TRADE_SUCCESS"
        /// Never paid in time, or refunded in full.
        case closed = "TRADE_CLOSED"
    }

    /// The channel's number.
    public let tradeNo: String
    /// The terms it was opened with.
    public let terms: TradeTerms
    /// Its present state.
    public internal(set) var status: Status
    /// When the payer opened the cashier.
    public let createdAt: Timestamp
    /// When it was paid; `nil` until then.
    public internal(set) var paidAt: Timestamp?
    /// When it was closed; `nil` until then.
    public internal(set) var closedAt: Timestamp?
    /// Refunds in the order they were made.
    public internal(set) var refunds: [TradeRefund] = []
    /// When the bill books the payment; `nil` where that is `paidAt`.
    public internal(set) var bookedAt: Timestamp?

    /// The platform's number: `out_trade_no`.
    public var orderNo: String { terms.orderNo }
    /// The sum of all refunds.
    public var refunded: Money { refunds.last?.cumulative ?? .zero }
}
