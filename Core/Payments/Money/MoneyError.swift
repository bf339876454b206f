/// Why a text or a sum is not an amount of money.
public enum MoneyError: Error, Equatable, CustomStringConvertible {
    /// Text that isn't a number of yuan.
    case malformed(String)
    /// More than two decimals.
    case tooManyDecimals(String)
    /// More fen than 64 bits hold.
    case outOfRange(String)

    /// The text, what is wrong with it and the right form.
    public var description: String {
        switch self {
        case .malformed(let text):
            "'\(text)' is not an amount in yuan; write digits and at most two decimals, as 98.50"
        case .tooManyDecimals(let text):
            "'\(text)' has parts of a fen; write at most two decimals"
        case .outOfRange(let text):
            "'\(text)' is outside the range of 64-bit fen; check the amount"
        }
    }
}
