import Foundation

/// JSON with line breaks and indentation. Numbers, repeated fields and escapes stay byte for byte,
/// because they may be what is wrong.
enum IndentedJSON {
    /// The lines, or `nil` for what isn't JSON.
    static func lines(_ bytes: [UInt8]) -> [String]? {
        guard (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil else { return nil }
        var writer = Writer()
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString {
                writer.append(byte)
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                break
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                writer.open(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                writer.close(byte)
            case UInt8(ascii: ","):
                writer.append(byte)
                writer.breakLine()
            case UInt8(ascii: ":"):
                writer.append(byte)
                writer.append(UInt8(ascii: " "))
            default:
                isInString = byte == UInt8(ascii: "\"")
                writer.append(byte)
            }
        }
        return writer.lines
    }

    private struct Writer {
        private var done: [String] = []
        private var line: [UInt8] = []
        private var depth = 0
        private var hasJustOpened = false

        var lines: [String] { done + [String(decoding: line, as: UTF8.self)] }

        mutating func append(_ byte: UInt8) {
            if hasJustOpened { breakLine() }
            line.append(byte)
        }

        mutating func open(_ byte: UInt8) {
            append(byte)
            depth += 1
            hasJustOpened = true
        }

        mutating func close(_ byte: UInt8) {
            depth -= 1
            if hasJustOpened { hasJustOpened = false } else { breakLine() }
            line.append(byte)
        }

        mutating func breakLine() {
            hasJustOpened = false
            done.append(String(decoding: line, as: UTF8.self))
            line = Array(repeating: UInt8(ascii: " "), count: 2 * depth)
        }
    }
}
