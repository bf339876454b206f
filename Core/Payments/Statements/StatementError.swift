/// Why a statement can't be used.
public enum StatementError: Error, Equatable, CustomStringConvertible {
    /// A place in a statement.
    public enum Field: String, Sendable, Hashable {
        /// A line's amount.
        case amount
        /// A line's fee.
        case fee
        /// The footer's number of payments.
        case tradeCount = "trade count"
        /// The footer's sum of payments.
        case tradeTotal = "trade total"
        /// The footer's number of refunds.
        case refundCount = "refund count"
        /// The footer's sum of refunds.
        case refundTotal = "refund total"
    }

    /// A line with an amount or a fee below zero.
    case negative(line: Int, field: Field, seen: Money)
    /// The sum of the lines up to this one is more than can be counted.
    case totalOutOfRange(line: Int)
    /// The footer tells another number than the lines come to.
    case footer(Field, told: String, counted: String)

    /// Whether it is about the refunds of a statement, rather than its payments.
    public var isOfRefunds: Bool {
        if case .footer(let field, _, _) = self {
            field == .refundCount || field == .refundTotal
        } else {
            false
        }
    }

    /// Which line or field, and what it says.
    public var description: String {
        switch self {
        case .negative(let line, let field, let seen):
            "line \(line): its \(field.rawValue) of \(seen) is below zero; the direction belongs "
                + "in the line's kind"
        case .totalOutOfRange(let line):
            "line \(line): the amounts up to here are more than can be counted"
        case .footer(let field, let told, let counted):
            "the footer's \(field.rawValue) is \(told), the lines come to \(counted); the file "
                + "is not whole, fetch it again"
        }
    }
}
