/// Why an action doesn't fit a difference; nothing is changed.
public enum DifferenceRefusal: Error, Equatable, CustomStringConvertible {
    /// There is no line, or no record of ours, that the other side could be.
    case nothingToAccept(DifferenceKind)
    /// The order isn't paid, the refund hasn't succeeded, or another line is matched with it.
    case notOpenHere(DifferenceKind)
    /// Both sides have it: one is accepted, not written off.
    case acceptInstead(DifferenceKind)
    /// The order or refund took effect here since: the next reconciliation matches it.
    case becomesMatched
    /// The merchant wasn't paid for it: the ledger holds nothing that could be written off.
    case notSettled

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .nothingToAccept(let kind):
            "a \(kind.rawValue) difference has one side only: write it off or dismiss it"
        case .notOpenHere(let kind):
            "the \(kind.rawValue) difference can't be accepted: the order or refund hasn't taken "
                + "effect here, or another line is matched with it"
        case .acceptInstead(let kind):
            "both sides have what a \(kind.rawValue) difference is about: accept or dismiss it"
        case .becomesMatched:
            "the order or refund took effect here since: the next reconciliation of its day "
                + "matches it with the line"
        case .notSettled:
            "the merchant wasn't paid for it, so the ledger holds nothing to write off: dismiss it"
        }
    }
}
