public import Payments

/// Money given back on a trade.
public struct TradeRefund: Sendable, Equatable {
    /// `out_request_no`: the same number is the same refund.
    public let requestNo: String
    /// What this refund gave back.
    public let amount: Money
    /// What all refunds up to this one gave back.
    public let cumulative: Money
    /// When.
    public let refundedAt: Timestamp
}
