/// Writes one JSON object as bytes: for the events of the hot path. Fields keep the order in which
/// they are written.
struct JSONWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// The finished object.
    consuming func object() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    mutating func field(_ name: StaticString, _ text: String) {
        begin(name)
        var text = text
        text.withUTF8 { append(quoting: $0) }
    }

    mutating func field(_ name: StaticString, _ text: String?) {
        if let text { field(name, text) }
    }

    mutating func field(_ name: StaticString, _ number: Int64) {
        begin(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func field(_ name: StaticString, _ flag: Bool) {
        begin(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// - Parameter json: the value as JSON.
    mutating func field(_ name: StaticString, json: [UInt8]) {
        begin(name)
        bytes.append(contentsOf: json)
    }

    /// A field whose name comes from outside; name and text in UTF-8.
    mutating func field(_ name: ArraySlice<UInt8>, text: ArraySlice<UInt8>) {
        begin(name)
        text.withUnsafeBufferPointer { append(quoting: $0) }
    }

    /// - Parameter json: the value as JSON.
    mutating func field(_ name: ArraySlice<UInt8>, json: some Collection<UInt8>) {
        begin(name)
        bytes.append(contentsOf: json)
    }

    private mutating func begin(_ name: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func begin(_ name: ArraySlice<UInt8>) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        name.withUnsafeBufferPointer { append(quoting: $0) }
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(quoting utf8: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        if utf8.contains(where: Self.isEscaped) {
            for byte in utf8 { append(escaping: byte) }
        } else {
            bytes.append(contentsOf: utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Hexadecimal.digit(byte >> 4))
            bytes.append(Hexadecimal.digit(byte & 0xF))
        default:
            bytes.append(byte)
        }
    }
}
