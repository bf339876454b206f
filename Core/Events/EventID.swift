public import Foundation
public import Payments

/// The identity of an event, a delivery or a dead letter: a UUIDv7 (RFC 9562), so that newer ones
/// sort after older ones.
public struct EventID: Sendable, Hashable, CustomStringConvertible {
    /// The 128 bits.
    public let uuid: UUID

    /// An identity that another system made.
    public init(_ uuid: UUID) { self.uuid = uuid }

    /// A new identity with the time in its first 48 bits.
    public static func make(
        at time: Timestamp, using random: inout some RandomNumberGenerator
    ) -> EventID {
        let milliseconds = UInt64(clamping: time.microseconds / 1000)
        // 48 bits of time, version 7 and 12 random bits; variant 2 and 62 random bits.
        return EventID(
            high: milliseconds << 16 | 0x7000 | random.next() & 0x0FFF,
            low: 1 << 63 | random.next() >> 2)
    }

    /// A new identity, from the system's random numbers.
    public static func make(at time: Timestamp) -> EventID {
        var random = SystemRandomNumberGenerator()
        return make(at: time, using: &random)
    }

    /// `count` new identities, with fewer calls to the system's random source than one by one.
    public static func make(_ count: Int, at time: Timestamp) -> [EventID] {
        var random = RandomStock()
        return (0..<count).map { _ in make(at: time, using: &random) }
    }

    /// Reads the text form: 32 hexadecimal digits with hyphens in their places.
    public init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ EventID($0) }) else { return nil }
        self = id
    }

    /// Reads the text form from its bytes.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        for (place, byte) in text.enumerated() {
            if place == 8 || place == 13 || place == 18 || place == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Hexadecimal.value(of: byte) else { return nil }
            if place < 18 {
                halves.0 = halves.0 << 4 | UInt64(digit)
            } else {
                halves.1 = halves.1 << 4 | UInt64(digit)
            }
        }
        self.init(high: halves.0, low: halves.1)
    }

    private init(high: UInt64, low: UInt64) {
        var uuid: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &uuid) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        self.init(UUID(uuid: uuid))
    }

    /// Lower-case text with hyphens.
    public var description: String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var place = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[place] = UInt8(ascii: "-")
                        place += 1
                    }
                    text[place] = Hexadecimal.digit(byte >> 4)
                    text[place + 1] = Hexadecimal.digit(byte & 0xF)
                    place += 2
                }
                return place
            }
        }
    }
}

extension EventID: Codable {
    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let text = try value.decode(String.self)
        guard let id = EventID(text) else {
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "'\(text.prefix(40))' is not a UUID")
        }
        self = id
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(description)
    }
}

/// The system's random numbers, read 32 at a time.
private struct RandomStock: RandomNumberGenerator {
    private var numbers: [UInt64] = []
    private var system = SystemRandomNumberGenerator()

    mutating func next() -> UInt64 {
        if let number = numbers.popLast() { return number }
        var fresh = [UInt64](repeating: 0, count: 32)
        let isFilled = fresh.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) } == 0
        guard isFilled, let number = fresh.popLast() else { return system.next() }
        numbers = fresh
        return number
    }
}
