/// Bytes from outside in a form that is safe to print: control sequences in them have no effect.
enum PrintableBytes {
    /// Text as it is, control characters escaped; other bytes as `hex:00ff`.
    static func text(_ bytes: [UInt8]) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return "hex:" + bytes.map(hex).joined()
        }
        return escaped(text)
    }

    /// Control characters as `\u{1b}`.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isHarmless(scalar) {
                result.append(scalar)
            } else {
                let code = String(scalar.value, radix: 16)
                result.append(contentsOf: "\\u{\(code)}".unicodeScalars)
            }
        }
        return String(result)
    }

    /// The bytes of hexadecimal digits.
    static func bytes(hex text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard
                let byte = UInt8(
                    String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Sixteen bytes a line: offset, hexadecimal, ASCII.
    static func dump(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let row = bytes[start..<min(start + 16, bytes.count)]
            let offset = String(start, radix: 16)
            let digits = row.map(hex).joined(separator: " ")
            let characters = row.map {
                (32...126).contains($0) ? Character(Unicode.Scalar($0)) : "."
            }
            return String(repeating: "0", count: max(0, 8 - offset.count)) + offset + "  "
                + digits.padding(47) + "  " + String(characters)
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    // Neither a control character nor one that turns the direction of what follows.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            false
        default: true
        }
    }
}
