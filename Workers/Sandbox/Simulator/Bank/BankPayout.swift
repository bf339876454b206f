public import Payments

/// A payout that the bank has taken.
public struct BankPayout: Sendable, Equatable {
    /// The request as it arrived.
    public let request: BankRequest
    /// The bank's own number.
    public let bankRef: String
    /// When the bank took it, in business time.
    public let takenAt: Timestamp
    /// When it is final, in business time.
    public let settlesAt: Timestamp
    /// Why it fails; `nil` if it succeeds.
    public let failure: String?

    /// `processing`, `succeeded` or `failed`, at `now`.
    public func status(at now: Timestamp) -> String {
        guard now >= settlesAt else { return "processing" }
        return failure == nil ? "succeeded" : "failed"
    }
}
