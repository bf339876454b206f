/// Why a statement is refused.
public enum StatementError: Error, Equatable, CustomStringConvertible {
    /// A field of a statement.
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
    /// The sum of the lines up to this one is outside the range of 64-bit fen.
    case totalOutOfRange(line: Int)
    /// A footer's field is not what the lines come to.
    case footer(Field, stated: String, counted: String)

    /// Whether a footer's refund count or total is wrong.
    public var isOfRefunds: Bool {
        if case .footer(let field, _, _) = self {
            field == .refundCount || field == .refundTotal
        } else {
            false
        }
    }

    /// The line or field and its value.
    public var description: String {
        switch self {
        case .negative(let line, let field, let seen):
            "line \(line): its \(field.rawValue) of \(seen) is below zero; an amount has no "
                + "sign, the line's kind is the direction"
        case .totalOutOfRange(let line):
            "line \(line): the amounts up to here are outside the range of 64-bit fen"
        case .footer(let field, let stated, let counted):
            "the footer's \(field.rawValue) is \(stated), the lines come to \(counted); the file "
                + "is incomplete, fetch it again"
        }
    }
}
