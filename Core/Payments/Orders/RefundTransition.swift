extension OrderState {
    /// Whether the channel has reported a refund that isn't proven: it is to be queried.
    public var lacksRefunds: Bool { !reportedRefunds.isEmpty || reportedSum > refunded }

    /// Why a refund can't be of this order; `nil` where it can.
    func mismatch(with refund: RefundObservation) -> OrderMismatch? {
        for amount in [refund.amount ?? .zero, refund.cumulative] where amount < .zero {
            return .negativeRefund(amount)
        }
        let isKnown = refund.refundNo.map { refunds[$0] != nil } ?? true
        let total = refunded + (isKnown ? .zero : refund.proven ?? .zero)
        let largest = max(total, refund.cumulative, refund.amount ?? .zero)
        return largest > amount ? .overRefund(amount: amount, refunded: largest) : nil
    }

    /// Adds a refund that is proven, once by its number; records one that is only reported.
    ///
    /// A sum makes no refund, whatever it is: two refunds of the same amount are two, and one that
    /// is reported by its sum first and by its number later is one.
    mutating func refund(_ refund: RefundObservation) -> [OrderChange] {
        reportedSum = max(reportedSum, refund.cumulative)
        guard let number = refund.refundNo, refunds[number] == nil else { return [] }
        guard let proven = refund.proven else {
            reportedRefunds.insert(number)
            return []
        }
        reportedRefunds.remove(number)
        refunds[number] = proven
        refunded += proven
        status = refunded < amount ? .partiallyRefunded : .refunded
        return [.refunded(refundNo: number, amount: proven, cumulative: refunded)]
    }
}
