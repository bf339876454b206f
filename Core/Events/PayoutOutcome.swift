/// A bank's final answer.
public enum PayoutOutcome: String, Codable, Sendable {
    /// The money is on the payee's account.
    case succeeded
    /// It is not, and won't be under this number.
    case failed
}
