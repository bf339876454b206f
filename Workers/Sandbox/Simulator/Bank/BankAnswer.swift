/// What the bank says to a payout.
public enum BankAnswer: Sendable, Equatable {
    /// It has it; where `isLost`, the caller never hears so.
    case known(BankPayout, isLost: Bool)
    /// The number was used for something else.
    case conflict
}
