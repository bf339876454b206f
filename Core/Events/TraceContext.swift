/// A W3C trace context: a trace and the span that caused what carries it.
///
/// Source: https://www.w3.org/TR/trace-context/, version 00.
public struct TraceContext: Sendable, Hashable, CustomStringConvertible {
    /// The header's value: `00-`, trace-id, `-`, parent-id, `-`, trace-flags.
    public let description: String

    /// 32 lower-case hexadecimal digits, the same from the order's request to its last delivery.
    public var traceID: String { String(description.dropFirst(3).prefix(32)) }
    /// 16 lower-case hexadecimal digits: the span that caused it.
    public var parentID: String { String(description.dropFirst(36).prefix(16)) }
    /// 2 lower-case hexadecimal digits; `01` where the trace is recorded.
    public var flags: String { String(description.suffix(2)) }

    /// Reads a `traceparent`; `nil` where it is malformed.
    public init?(_ header: String) {
        var header = header
        guard header.withUTF8(Self.isValid) else { return nil }
        // A later version is read as version 00: fields after the flags are dropped.
        let isOurs = header.hasPrefix("00")
        description = isOurs ? header : "00" + header.prefix(Self.length).dropFirst(2)
    }

    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard (length...256).contains(bytes.count) else { return false }
        let version = (bytes[0], bytes[1])
        guard version != (UInt8(ascii: "f"), UInt8(ascii: "f")) else { return false }
        // Only a later version may have more after the flags.
        let isOurs = version == (UInt8(ascii: "0"), UInt8(ascii: "0"))
        guard bytes.count == length || bytes[length] == UInt8(ascii: "-") && !isOurs else {
            return false
        }
        for place in 0..<length {
            let isDash = place == 2 || place == 35 || place == 52
            guard isDash ? bytes[place] == UInt8(ascii: "-") : isHex(bytes[place]) else {
                return false
            }
        }
        return bytes[3..<35].contains { $0 != UInt8(ascii: "0") }
            && bytes[36..<52].contains { $0 != UInt8(ascii: "0") }
    }

    // Of `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits.
    private static let length = 55

    private init(traceID: String, parentID: String, flags: String) {
        description = "00-\(traceID)-\(parentID)-\(flags)"
    }

    /// A new trace, recorded.
    public static func new() -> TraceContext {
        var random = SystemRandomNumberGenerator()
        return TraceContext(
            traceID: hex(random.next()) + hex(random.next() | 1), parentID: hex(random.next() | 1),
            flags: "01")
    }

    /// The trace of a header, or a new one where it is absent or malformed.
    public static func continuing(_ header: String?) -> TraceContext {
        header.flatMap(TraceContext.init) ?? new()
    }

    /// A new span of the same trace.
    public func child() -> TraceContext {
        var random = SystemRandomNumberGenerator()
        return TraceContext(
            traceID: traceID, parentID: Self.hex(random.next() | 1), flags: flags)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }

    private static func hex(_ bits: UInt64) -> String {
        let text = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
