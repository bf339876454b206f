/// What an observation changed for the outside: each is told once in an order's life.
public enum OrderChange: Sendable, Hashable {
    /// The payer opened the cashier.
    case paying
    /// The money came in; `late` if the order had been closed before.
    case paid(late: Bool)
    /// The order ended unpaid.
    case closed
    /// Money went back.
    ///
    /// `refundNo` is `channel:<cumulative fen>` where the channel told no number for what it
    /// refunded; such a change is of the order's sum, not a refund of its own to be counted beside
    /// the numbered ones. `amount` is the refund's own, or what the sum grew by where the channel
    /// didn't say. `cumulative` is all that is known to be refunded, this included.
    case refunded(refundNo: String, amount: Money, cumulative: Money)
}
