/// A fee rate in parts per million: 0.60 % is 6000 ppm. From 0 to 1,000,000.
///
/// In JSON it is a bare integer of ppm.
public struct Rate: Sendable, Hashable {
    /// Parts per million, 0 … 1,000,000.
    public let ppm: Int64

    /// 100 % in ppm.
    static let scale: Int64 = 1_000_000

    /// A rate of `ppm` parts per million.
    /// - Throws: `RateError` outside 0 … 1,000,000.
    public init(ppm: Int64) throws(RateError) {
        guard (0...Self.scale).contains(ppm) else { throw RateError(ppm: ppm) }
        self.ppm = ppm
    }

    /// The fee on an amount: `amount × ppm / 1,000,000`, half a fen rounded up.
    ///
    /// The fee on a negative amount is that on the positive one, negated. Exact for every amount.
    public func fee(on amount: Money) -> Money {
        let scale = Self.scale.magnitude
        let product = amount.fen.magnitude.multipliedFullWidth(by: ppm.magnitude)
        // The high word is below the scale, because ppm is: the quotient fits.
        let (quotient, rest) = scale.dividingFullWidth((product.high, product.low))
        // Never above the amount: at 100 % the rest is zero.
        let magnitude = rest >= scale / 2 ? quotient &+ 1 : quotient
        return Money(
            fen: amount.fen < 0
                ? 0 &- Int64(truncatingIfNeeded: magnitude)
                : Int64(truncatingIfNeeded: magnitude))
    }
}

extension Rate: Comparable {
    /// Whether the left rate is the lower.
    public static func < (left: Rate, right: Rate) -> Bool { left.ppm < right.ppm }
}

extension Rate: Codable {
    /// Reads a bare integer of ppm.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        do {
            try self.init(ppm: value.decode(Int64.self))
        } catch let error as RateError {
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: error.description)
        }
    }

    /// Writes a bare integer of ppm.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(ppm)
    }
}

extension Rate: CustomStringConvertible {
    /// The rate as text: `"6000 ppm"`.
    public var description: String { "\(ppm) ppm" }
}

/// A number outside a rate's range.
public struct RateError: Error, Equatable, CustomStringConvertible {
    /// The refused number, in ppm.
    public let ppm: Int64

    /// The error for a refused number.
    public init(ppm: Int64) { self.ppm = ppm }

    /// The refused number and the range.
    public var description: String {
        "\(ppm) ppm is not a rate; use 0 … 1000000 parts per million (0.6 % is 6000)"
    }
}

extension Rate {
    /// Percent, exact, always with four decimals: `0.6000 %`.
    public var percent: String {
        let digits = String(ppm % 10_000)
        return "\(ppm / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits + " %"
    }
}
