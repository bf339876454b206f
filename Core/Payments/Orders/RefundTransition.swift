extension OrderState {
    /// Begins the number of a refund that the channel reported without one.
    static let unnumberedPrefix = "channel:"

    /// Why a refund can't be of this order; `nil` where it can.
    func mismatch(with refund: RefundObservation) -> OrderMismatch? {
        for amount in [refund.amount ?? .zero, refund.cumulative] where amount < .zero {
            return .negativeRefund(amount)
        }
        let (_, total) = adding(refund)
        return total > amount ? .overRefund(amount: amount, refunded: total) : nil
    }

    /// Adds a refund; a change if its number, or its part of the sum, is new.
    mutating func refund(_ refund: RefundObservation) -> [OrderChange] {
        let before = refunded
        let (known, total) = adding(refund)
        let isNewNumber = known.count > refunds.count
        let growth = total - before
        (refunds, refunded) = (known, total)
        guard isNewNumber || growth > .zero else { return [] }
        status = total < amount ? .partiallyRefunded : .refunded
        if isNewNumber, let number = refund.refundNo {
            let own = refund.amount ?? growth
            return [.refunded(refundNo: number, amount: own, cumulative: total)]
        }
        // The sum grew by a refund whose number isn't in this message.
        let number = Self.unnumberedPrefix + String(total.fen)
        let own = refund.refundNo == nil ? refund.amount ?? growth : growth
        return [.refunded(refundNo: number, amount: own, cumulative: total)]
    }

    /// The known refunds with this one, and the sum: the larger of the channel's and that of the
    /// known refunds.
    private func adding(_ refund: RefundObservation) -> ([String: Money], Money) {
        var known = refunds
        if let number = refund.refundNo, refund.sum > .zero {
            // The larger of two reported amounts, so that the order of messages doesn't matter.
            known[number] = max(known[number] ?? .zero, refund.amount ?? .zero)
        }
        // A sum without a number may include numbered refunds: it is not added to them.
        let sum = known.filter { !$0.key.hasPrefix(Self.unnumberedPrefix) }
            .values.reduce(.zero, +)
        return (known, max(refunded, refund.sum, sum))
    }
}
