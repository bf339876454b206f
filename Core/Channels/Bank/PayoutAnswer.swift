public import Payments

/// A bank's answer about a payout.
public enum PayoutAnswer: Sendable, Hashable {
    /// Processing: neither paid nor failed yet.
    case accepted(bankRef: String)
    /// Paid.
    case succeeded(bankRef: String, at: Timestamp?)
    /// Not paid, and final.
    case failed(reason: String)
    /// The bank has no payout of this number; only an answer to a query.
    case notFound
}
