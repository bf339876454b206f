/// A fee rate in parts per million: 0.60 % is 6000 ppm. From 0 to 1,000,000.
///
/// In JSON it is a bare integer of ppm.
public struct Rate: Sendable, Hashable {
    /// Parts per million, 0 … 1,000,000.
    public let ppm: Int64

    /// The whole: 100 %.
    static let scale: Int64 = 1_000_000

    /// A rate of `ppm` parts per million.
    /// - Throws: `RateError` outside 0 … 1,000,000.
    public init(ppm: Int64) throws(RateError) {
        guard (0...Self.scale).contains(ppm) else { throw RateError(ppm: ppm) }
        self.ppm = ppm
    }

    /// The fee on an amount, to the fen, half a fen rounding up (protocol §6.1).
    ///
    /// The fee on a negative amount is that on the positive one, negated. Exact for every amount.
    public func fee(on amount: Money) -> Money {
        FeeRounding.halfUp.fee(on: amount, ppm: ppm)
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
    /// The rate for a reader: `"6000 ppm"`.
    public var description: String { "\(ppm) ppm" }
}

/// A number that is no rate.
public struct RateError: Error, Equatable, CustomStringConvertible {
    /// The number that was given.
    public let ppm: Int64

    /// A refused number.
    public init(ppm: Int64) { self.ppm = ppm }

    /// The number and the range.
    public var description: String {
        "\(ppm) ppm is not a rate; give 0 … 1000000 parts per million (0.6 % is 6000)"
    }
}
