public import Payments

/// A payout that the bank has taken.
public struct BankPayout: Sendable, Equatable {
    /// What was asked.
    public let request: BankRequest
    /// The bank's own number.
    public let bankRef: String
    /// When it is done, in business time.
    public let settlesAt: Timestamp
    /// Why it fails; `nil` if it succeeds.
    public let failure: String?

    /// `processing`, `succeeded` or `failed`, at `now`.
    public func status(at now: Timestamp) -> String {
        guard now >= settlesAt else { return "processing" }
        return failure == nil ? "succeeded" : "failed"
    }
}
