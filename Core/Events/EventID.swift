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

    /// Lower-case text with hyphens.
    public var description: String { uuid.uuidString.lowercased() }
}

extension EventID: Codable {
    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let text = try value.decode(String.self)
        guard let uuid = UUID(uuidString: text) else {
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "'\(text.prefix(40))' is not a UUID")
        }
        self.uuid = uuid
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(description)
    }
}
