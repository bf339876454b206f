/// A change of an order that is published; each happens once in an order's life.
public enum OrderChange: Sendable, Hashable {
    /// The payer opened the cashier.
    case paying
    /// The order is paid; `late` if it had been closed before.
    case paid(late: Bool)
    /// The order ended unpaid.
    case closed
    /// A refund took effect.
    ///
    /// `refundNo` is `channel:<cumulative fen>` where the channel's message has no refund number;
    /// such a change is of the order's sum, not one more refund beside the numbered ones. `amount`
    /// is the refund's own, or the growth of the sum where the message has none. `cumulative` is
    /// the sum of all known refunds, this one included.
    case refunded(refundNo: String, amount: Money, cumulative: Money)
}
