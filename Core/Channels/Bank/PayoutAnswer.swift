public import Payments

/// What a bank says of a payout.
public enum PayoutAnswer: Sendable, Hashable {
    /// The bank is at it.
    case accepted(bankRef: String)
    /// The money has gone.
    case succeeded(bankRef: String, at: Timestamp?)
    /// The money has not gone and won't.
    case failed(reason: String)
    /// The bank has no such payout; only an answer to a query.
    case notFound
}
