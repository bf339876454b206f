/// A bank's final answer on a payout.
public enum PayoutOutcome: String, Codable, Sendable {
    /// The money is on the payee's account.
    case succeeded
    /// The payout failed; the bank will not pay under this number.
    case failed
}
