/// One side of a booking.
public struct JournalEntry: Sendable, Hashable {
    /// The account's name.
    public let account: String
    /// What it gains; negative for what it gives.
    public let amount: Money

    /// An account and what it gains.
    public init(account: String, amount: Money) {
        self.account = account
        self.amount = amount
    }
}
