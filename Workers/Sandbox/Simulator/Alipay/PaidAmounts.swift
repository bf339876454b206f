import Payments

/// What a payer pays and the merchant receives of a trade with coupons (channel protocol §2.4).
struct PaidAmounts: Sendable, Equatable {
    /// `receipt_amount`: the trade's amount less the merchant's own coupon.
    let received: Money
    /// `buyer_pay_amount`: less the channel's coupon, too.
    let paid: Money

    init(_ trade: Trade, _ faults: ChannelFaults) {
        received = trade.terms.amount - faults.merchantCoupon
        paid = received - faults.channelCoupon
    }
}
