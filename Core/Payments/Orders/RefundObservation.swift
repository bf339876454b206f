/// The fields of an observed refund.
struct RefundObservation {
    /// The refund's number; `nil` where the message has none.
    let refundNo: String?
    /// The refund's own amount; `nil` where the message has none.
    let amount: Money?
    /// The sum of the trade's refunds, this one included.
    let cumulative: Money

    init(refundNo: String?, amount: Money?, cumulative: Money) {
        self.refundNo = refundNo
        // An amount of zero means that the message has none.
        self.amount = amount == .zero ? nil : amount
        self.cumulative = cumulative
    }

    /// The sum that this message proves: at least the refund's own amount.
    var sum: Money { max(cumulative, amount ?? .zero) }
}
