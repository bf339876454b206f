/// The bank's response to a payout that was sent.
public enum BankResponse: Sendable, Equatable {
    /// The bank has the payout; where `isLost`, the response never arrives.
    case known(BankPayout, isLost: Bool)
    /// The number was used with other content: HTTP 409.
    case conflict
    /// The request will never be right, nothing is paid: HTTP 422.
    case refused(reason: String)
    /// The request was lost before the bank took it: HTTP 500.
    case unavailable
}
