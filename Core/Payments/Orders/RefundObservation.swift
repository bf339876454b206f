/// The fields of an observed refund.
struct RefundObservation {
    /// The refund's number; `nil` where the message has none.
    let refundNo: String?
    /// The amount that took effect, where the message proves it: an answer about this number, with
    /// an amount or about a refund that was requested.
    let proven: Money?
    /// The sum of the trade's refunds, this one included.
    let cumulative: Money
    /// The amount in the message; `nil` where it has none.
    let amount: Money?

    /// - Parameters:
    ///   - isProven: whether the message is an answer about this refund.
    ///   - requested: the amount under which the number was requested. The channel refunds all of
    ///     it or nothing; the answer's own amount may leave out what coupons paid.
    init(
        refundNo: String?, amount: Money?, cumulative: Money, isProven: Bool, requested: Money?
    ) {
        self.refundNo = refundNo
        // An amount of zero means that the message has none.
        let own = amount == .zero ? nil : amount
        self.amount = own
        self.cumulative = cumulative
        proven = isProven && refundNo != nil ? requested ?? own : nil
    }
}
