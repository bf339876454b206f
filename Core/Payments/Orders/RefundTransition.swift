/// What the channel says of a refund.
struct RefundObservation {
    /// The refund's number, if told.
    let refundNo: String?
    /// The refund's own amount, if told.
    let amount: Money?
    /// All refunds of the trade up to this one.
    let cumulative: Money

    init(refundNo: String?, amount: Money?, cumulative: Money) {
        self.refundNo = refundNo
        // An amount of nothing is one that wasn't told.
        self.amount = amount == .zero ? nil : amount
        self.cumulative = cumulative
    }

    /// All refunds known from this message: a sum holds its refund, whatever the message says.
    var sum: Money { max(cumulative, amount ?? .zero) }
}

extension OrderState {
    /// A number that stands for a sum the channel told without a number.
    static let unnumberedPrefix = "channel:"

    /// Why a refund can't be of this order, if so.
    func mismatch(with refund: RefundObservation) -> OrderMismatch? {
        for told in [refund.amount ?? .zero, refund.cumulative] where told < .zero {
            return .negativeRefund(told)
        }
        let (_, total) = adding(refund)
        return total > amount ? .overRefund(amount: amount, refunded: total) : nil
    }

    /// Adds a refund, and tells it if its number, or its part of the sum, is new.
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
        // The sum grew by a refund whose number is not told, or not by this observation.
        let number = Self.unnumberedPrefix + String(total.fen)
        let own = refund.refundNo == nil ? refund.amount ?? growth : growth
        return [.refunded(refundNo: number, amount: own, cumulative: total)]
    }

    /// The known refunds with this one, and the sum: the larger of what the channel told and what
    /// the known refunds come to.
    private func adding(_ refund: RefundObservation) -> ([String: Money], Money) {
        var known = refunds
        if let number = refund.refundNo, refund.sum > .zero {
            // The larger of two tellings, so that it doesn't matter which came first.
            known[number] = max(known[number] ?? .zero, refund.amount ?? .zero)
        }
        // Sums told without a number may hold numbered refunds: they are not added to them.
        let sum = known.filter { !$0.key.hasPrefix(Self.unnumberedPrefix) }
            .values.reduce(.zero, +)
        return (known, max(refunded, refund.sum, sum))
    }
}
