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
    /// Where the channel's message has no refund number, `refundNo` is `channel:<cumulative fen>`;
    /// the change then reports a new total of the order, which may include refunds that are also
    /// known by number. `amount` is the refund's own, or the growth of the total where the message
    /// has none. `cumulative` is the total of all known refunds, this one included.
    case refunded(refundNo: String, amount: Money, cumulative: Money)
}
