import Foundation
import Payments

/// The identity of an event, a delivery or a dead letter: a UUIDv7 (RFC 9562), so that newer ones
/// sort after older ones.
public struct EventID: Sendable, Hashable, CustomStringConvertible {
    /// The 128 bits.
    public let uuid: UUID

    /// Takes over an identity that came from outside.
    public init(_ uuid: UUID) { self.uuid = uuid }

    /// A new identity with the time in its first 48 bits.
    public static func make(
        at time: Timestamp, using random: inout some RandomNumberGenerator
    ) -> EventID {
        let milliseconds = UInt64(clamping: time.microseconds / 1000)
        let noise = (random.next(), random.next())
        var bytes = [UInt8](repeating: 0, count: 16)
        for index in 0..<6 {
            bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index))
        }
        for index in 6..<8 { bytes[index] = UInt8(truncatingIfNeeded: noise.0 >> (8 * index)) }
        for index in 8..<16 {
            bytes[index] = UInt8(truncatingIfNeeded: noise.1 >> (8 * (index - 8)))
        }
        bytes[6] = 0x70 | (bytes[6] & 0x0F)
        bytes[8] = 0x80 | (bytes[8] & 0x3F)
        return EventID(bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) })
    }

    /// A new identity, from the system's random numbers.
    public static func make(at time: Timestamp) -> EventID {
        var random = SystemRandomNumberGenerator()
        return make(at: time, using: &random)
    }

    /// Reads the text form: 32 hexadecimal digits with hyphens in their places.
    public init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        var digits = 0
        for (place, byte) in text.utf8.enumerated() {
            if Self.hyphens.contains(place) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard digits < 32, let value = Hexadecimal.value(of: byte) else { return nil }
            bytes[digits / 2] = bytes[digits / 2] << 4 | value
            digits += 1
        }
        guard digits == 32, text.utf8.count == 36 else { return nil }
        self.init(bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) })
    }

    private static let hyphens = [8, 13, 18, 23]

    /// Lower-case text with hyphens.
    public var description: String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var place = 0
                for (index, byte) in bytes.enumerated() {
                    if [4, 6, 8, 10].contains(index) {
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
