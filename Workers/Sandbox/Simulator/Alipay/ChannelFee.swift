public import Payments

/// The service fee that the channel keeps.
public struct ChannelFee: Sendable {
    /// The contract's rate.
    public let rate: Rate

    /// - Parameter rate: of a trade's amount, rounded half up.
    public init(rate: Rate) { self.rate = rate }

    /// The fee of a payment.
    public func charged(on amount: Money) -> Money { rate.fee(on: amount) }

    /// The fee that a refund returns: the difference of the fees on all refunds after and before
    /// it, so that a refund in full, in however many pieces, returns the whole fee.
    public func returned(by refund: TradeRefund) -> Money {
        rate.fee(on: refund.cumulative) - rate.fee(on: refund.cumulative - refund.amount)
    }
}
