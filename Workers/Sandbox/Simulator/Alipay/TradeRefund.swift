public import Payments

/// A refund of a trade.
public struct TradeRefund: Sendable, Equatable {
    /// `out_request_no`: the same number is the same refund.
    public let requestNo: String
    /// The amount of this refund.
    public let amount: Money
    /// The sum of this and all earlier refunds.
    public let cumulative: Money
    /// When it was made, in business time.
    public let refundedAt: Timestamp
}
