public import Payments

/// A trade as the channel keeps it.
public struct Trade: Sendable, Equatable {
    /// The channel's states (channel protocol §4).
    public enum Status: String, Sendable {
        /// The payer has arrived and not paid.
        case waiting = "WAIT_BUYER_PAY"
        /// Paid.
        case paid = "TRADE_SUCCESS"
        /// Never paid in time, or refunded in full.
        case closed = "TRADE_CLOSED"
    }

    /// The channel's number.
    public let tradeNo: String
    /// What it was opened with.
    public let terms: TradeTerms
    /// Where it stands.
    public internal(set) var status: Status
    /// When the payer arrived.
    public let createdAt: Timestamp
    /// When it was paid, if it was.
    public internal(set) var paidAt: Timestamp?
    /// When it was closed, if it was.
    public internal(set) var closedAt: Timestamp?
    /// Refunds in the order they were made.
    public internal(set) var refunds: [TradeRefund] = []
    /// When the bill books the payment, where that isn't `paidAt`.
    public internal(set) var bookedAt: Timestamp?

    /// The platform's number: `out_trade_no`.
    public var orderNo: String { terms.orderNo }
    /// What has been given back so far.
    public var refunded: Money { refunds.last?.cumulative ?? .zero }
}
