/// A change of an order that is published; each happens once in an order's life.
public enum OrderChange: Sendable, Hashable {
    /// The payer opened the cashier.
    case paying
    /// The order is paid; `late` if it had been closed before.
    case paid(late: Bool)
    /// The order ended unpaid.
    case closed
    /// A refund took effect, proven by the channel's answer about its number. `cumulative` is the
    /// sum of the order's proven refunds, this one included.
    case refunded(refundNo: String, amount: Money, cumulative: Money)
}
