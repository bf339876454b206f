public import Payments

/// The service fee that the channel keeps.
public struct ChannelFee: Sendable {
    /// The contract's rate.
    public let rate: Rate

    /// Charges `rate`, rounded half up a trade.
    public init(rate: Rate) { self.rate = rate }

    /// The fee of a payment.
    public func charged(on amount: Money) -> Money { rate.fee(on: amount) }

    /// What a refund gives back: the difference of the fees on all refunds after and before it, so
    /// that a refund in full, in however many pieces, gives back the whole fee.
    public func returned(by refund: TradeRefund) -> Money {
        rate.fee(on: refund.cumulative) - rate.fee(on: refund.cumulative - refund.amount)
    }
}
