/// Decodes JSON text (RFC 8259) from its bytes in one pass; builds only the values that are read.
///
/// For the events of the hot path. Stricter than Foundation's decoder: the input must be valid
/// UTF-8, and a whole number must be written as one.
public struct JSONCursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    private var depth = 0

    /// - Parameter bytes: must outlive the cursor.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The type of the next value; `word` is `true`, `false` or `null`.
    enum Kind { case object, array, string, number, word }

    mutating func kind() throws(EventCodecError) -> Kind {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return .word
        default: throw malformed("a value is expected")
        }
    }

    /// Reads an object; `field` receives each name in turn and reads its value.
    mutating func object(_ field: (JSONText, inout JSONCursor) throws -> Void) throws {
        try enter(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return depth -= 1 }
        repeat {
            skipSpace()
            let name = try text()
            guard take(UInt8(ascii: ":")) else { throw malformed("':' is expected") }
            try field(name, &self)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed("',' or '}' is expected") }
        depth -= 1
    }

    /// Reads an array; `element` reads each of its values.
    mutating func array(_ element: (inout JSONCursor) throws -> Void) throws {
        try enter(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return depth -= 1 }
        repeat { try element(&self) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed("',' or ']' is expected") }
        depth -= 1
    }

    /// Reads a string.
    mutating func string() throws(EventCodecError) -> String { try text().string }

    /// Reads a string as its bytes.
    mutating func text() throws(EventCodecError) -> JSONText {
        guard take(UInt8(ascii: "\"")) else { throw malformed("a string is expected") }
        let start = place
        // All bytes or-ed together: above 0x7F where one isn't ASCII.
        var all: UInt8 = 0
        while true {
            let byte = byte
            switch byte {
            case UInt8(ascii: "\""):
                let slice = UnsafeBufferPointer(rebasing: bytes[start..<place])
                if all >= 0x80 { try checkUTF8(slice) }
                place += 1
                return JSONText(slice)
            case UInt8(ascii: "\\"):
                return try escapedText(from: start)
            case 0..<0x20:
                throw malformed(
                    place < bytes.count
                        ? "a control character in a string" : "a string has no end")
            default:
                all |= byte
                place += 1
            }
        }
    }

    /// Reads `true`, `false` or `null`; `nil` is null.
    mutating func word() throws(EventCodecError) -> Bool? {
        skipSpace()
        if take(word: "true") { return true }
        if take(word: "false") { return false }
        if take(word: "null") { return nil }
        throw malformed("a value is expected")
    }

    /// Reads a number; `nil` where it isn't a whole number of 64 bits, written without a fraction
    /// or an exponent.
    mutating func integer() throws(EventCodecError) -> Int64? {
        skipSpace()
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative { place += 1 }
        let first = place
        var value: Int64? = 0
        while let digit = digit {
            let (tens, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, more) =
                isNegative
                ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            value = value == nil || overflow || more ? nil : sum
            place += 1
        }
        let isPadded = place - first > 1 && bytes[first] == UInt8(ascii: "0")
        guard place > first, !isPadded else { throw malformed("a number is malformed") }
        if byte == UInt8(ascii: ".") {
            place += 1
            value = nil
            try skipDigits()
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            place += 1
            value = nil
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { place += 1 }
            try skipDigits()
        }
        return value
    }

    /// Reads a value of any type and drops it.
    mutating func skip() throws {
        switch try kind() {
        case .object: try object { _, cursor in try cursor.skip() }
        case .array: try array { cursor in try cursor.skip() }
        case .string: _ = try text()
        case .number: _ = try integer()
        case .word: _ = try word()
        }
    }

    /// Checks that only white space follows.
    mutating func end() throws(EventCodecError) {
        skipSpace()
        guard place == bytes.count else { throw malformed("more follows the value") }
    }

    // MARK: Bytes

    // 0 at the end; no JSON text contains it.
    private var byte: UInt8 { place < bytes.count ? bytes[place] : 0 }

    private var digit: Int64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }

    private mutating func skipDigits() throws(EventCodecError) {
        let first = place
        while digit != nil { place += 1 }
        guard place > first else { throw malformed("a number is malformed") }
    }

    private mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return
            }
        }
    }

    private mutating func take(_ wanted: UInt8) -> Bool {
        skipSpace()
        guard byte == wanted else { return false }
        place += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        word.withUTF8Buffer { wanted in
            guard bytes[place...].starts(with: wanted) else { return false }
            place += wanted.count
            return true
        }
    }

    private mutating func enter(_ bracket: UInt8) throws(EventCodecError) {
        guard take(bracket) else {
            throw malformed(bracket == UInt8(ascii: "{") ? "'{' is expected" : "'[' is expected")
        }
        depth += 1
        guard depth <= EventCodec.maximumDepth else {
            throw EventCodecError(
                reason: "malformed_json", detail: "nested deeper than \(EventCodec.maximumDepth)")
        }
    }

    private func malformed(_ what: String) -> EventCodecError {
        EventCodecError(
            reason: "malformed_json", detail: "the record: not JSON at byte \(place): \(what)")
    }

    private func checkUTF8(_ bytes: UnsafeBufferPointer<UInt8>) throws(EventCodecError) {
        guard (try? UTF8Span(validating: bytes.span)) != nil else {
            throw malformed("a string isn't UTF-8")
        }
    }

    // MARK: Escapes

    private mutating func escapedText(from start: Int) throws(EventCodecError) -> JSONText {
        var unescaped = Array(bytes[start..<place])
        while true {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                guard (try? UTF8Span(validating: unescaped.span)) != nil else {
                    throw malformed("a string isn't UTF-8")
                }
                return JSONText(unescaped: unescaped)
            case UInt8(ascii: "\\"):
                place += 1
                try unescape(into: &unescaped)
            case 0..<0x20:
                throw malformed("a string has no end, or holds a control character")
            default:
                unescaped.append(byte)
                place += 1
            }
        }
    }

    private mutating func unescape(into text: inout [UInt8]) throws(EventCodecError) {
        let escape = byte
        place += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: try escapedScalar())
        default: throw malformed("an escape is malformed")
        }
    }

    private mutating func escapedScalar() throws(EventCodecError) -> Unicode.Scalar.UTF8View {
        var value = try hexadecimal()
        if (0xD800..<0xDC00).contains(value), byte == UInt8(ascii: "\\") {
            place += 1
            guard byte == UInt8(ascii: "u") else { throw malformed("half a surrogate pair") }
            place += 1
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw malformed("half a surrogate pair") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw malformed("half a surrogate pair") }
        return scalar.utf8
    }

    private mutating func hexadecimal() throws(EventCodecError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(of: byte) else {
                throw malformed("an escape is malformed")
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }
}
