/// A W3C trace context: which trace something belongs to, and which of its parts caused it.
///
/// Source: https://www.w3.org/TR/trace-context/, version 00.
public struct TraceContext: Sendable, Hashable, CustomStringConvertible {
    /// 32 lower-case hexadecimal digits, the same from the order's request to its last delivery.
    public let traceID: String
    /// 16 digits: the part that caused it.
    public let parentID: String
    /// 2 digits: whether it is recorded.
    public let flags: String

    /// Reads a `traceparent`; `nil` where it isn't one, whoever sent it.
    public init?(_ header: String) {
        let bytes = Array(header.utf8)
        guard (Self.length...256).contains(bytes.count), !header.hasPrefix("ff"),
            // A later version may say more; this one may not.
            bytes.count == Self.length
                || bytes[Self.length] == UInt8(ascii: "-") && !header.hasPrefix("00"),
            bytes[..<Self.length].enumerated().allSatisfy({ place, byte in
                [2, 35, 52].contains(place) ? byte == UInt8(ascii: "-") : Self.isHex(byte)
            }), bytes[3..<35].contains(where: { $0 != UInt8(ascii: "0") }),
            bytes[36..<52].contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        traceID = String(decoding: bytes[3..<35], as: UTF8.self)
        parentID = String(decoding: bytes[36..<52], as: UTF8.self)
        flags = String(decoding: bytes[53..<55], as: UTF8.self)
    }

    // Of `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits.
    private static let length = 55

    private init(traceID: String, parentID: String, flags: String) {
        (self.traceID, self.parentID, self.flags) = (traceID, parentID, flags)
    }

    /// A trace that begins here.
    public static func new() -> TraceContext {
        var random = SystemRandomNumberGenerator()
        return TraceContext(
            traceID: hex(random.next()) + hex(random.next() | 1), parentID: hex(random.next() | 1),
            flags: "01")
    }

    /// The trace of a header, or a new one where the header says none.
    public static func continuing(_ header: String?) -> TraceContext {
        header.flatMap(TraceContext.init) ?? new()
    }

    /// Another part of the same trace.
    public func child() -> TraceContext {
        var random = SystemRandomNumberGenerator()
        return TraceContext(
            traceID: traceID, parentID: Self.hex(random.next() | 1), flags: flags)
    }

    /// As the header has it.
    public var description: String { "00-\(traceID)-\(parentID)-\(flags)" }

    private static func isHex(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }

    private static func hex(_ bits: UInt64) -> String {
        let text = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
