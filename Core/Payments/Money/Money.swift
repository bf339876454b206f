/// An amount of Chinese yuan, held exactly.
///
/// The unit is the fen (a hundredth of a yuan) in an `Int64`; there is no floating point anywhere.
/// In JSON it is a bare integer of fen. The operators never trap: outside the range of `Int64`
/// (about 92 quadrillion yuan) they saturate. Sums of input from outside use `adding(_:)`, which
/// throws instead.
public struct Money: Sendable, Hashable {
    /// The amount in fen; negative for the opposite direction.
    public let fen: Int64

    /// An amount of fen.
    public init(fen: Int64) { self.fen = fen }

    /// 0 fen.
    public static let zero = Money(fen: 0)

    /// The sum.
    /// - Throws: `MoneyError.outOfRange` where it leaves the range of `Int64`.
    public func adding(_ other: Money) throws(MoneyError) -> Money {
        let (sum, overflow) = fen.addingReportingOverflow(other.fen)
        if overflow { throw .outOfRange("\(fen) fen + \(other.fen) fen") }
        return Money(fen: sum)
    }
}

extension Money: Comparable {
    /// Whether the left amount is the smaller.
    public static func < (left: Money, right: Money) -> Bool { left.fen < right.fen }
}

extension Money {
    /// The sum, clamped to the range.
    public static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.fen.addingReportingOverflow(right.fen)
        return Money(fen: overflow ? (right.fen < 0 ? .min : .max) : sum)
    }

    /// The difference, clamped to the range.
    public static func - (left: Money, right: Money) -> Money {
        let (difference, overflow) = left.fen.subtractingReportingOverflow(right.fen)
        return Money(fen: overflow ? (right.fen < 0 ? .max : .min) : difference)
    }

    /// The negated amount, clamped to the range.
    public static prefix func - (money: Money) -> Money { .zero - money }

    /// Adds in place, clamped to the range.
    public static func += (left: inout Money, right: Money) { left = left + right }

    /// Subtracts in place, clamped to the range.
    public static func -= (left: inout Money, right: Money) { left = left - right }
}

extension Money: Codable {
    /// Reads a bare integer of fen.
    public init(from decoder: any Decoder) throws {
        self.init(fen: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Writes a bare integer of fen.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(fen)
    }
}

extension Money: CustomStringConvertible {
    /// The amount as text: `"98.50 CNY"`.
    public var description: String { "\(yuan) CNY" }
}
