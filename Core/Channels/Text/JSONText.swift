/// Writes JSON with its fields in the caller's order, so that the text signed is the text sent.
public enum JSONText {
    /// A value without floating-point numbers: amounts are texts or whole fen.
    public indirect enum Value {
        case text(String)
        case integer(Int64)
        case strings([String])
        case list([Value])
        case object([(String, Value)])
    }

    /// A JSON object; the names are escaped, not checked for repeats.
    public static func object(_ fields: [(String, Value)]) -> String {
        var output = ""
        append(.object(fields), to: &output)
        return output
    }

    private static func append(_ value: Value, to output: inout String) {
        switch value {
        case .text(let text): append(text, to: &output)
        case .integer(let number): output += String(number)
        case .strings(let texts): append(.list(texts.map { .text($0) }), to: &output)
        case .list(let values):
            output += "["
            for (index, value) in values.enumerated() {
                if index > 0 { output += "," }
                append(value, to: &output)
            }
            output += "]"
        case .object(let fields):
            output += "{"
            for (index, (name, value)) in fields.enumerated() {
                if index > 0 { output += "," }
                append(name, to: &output)
                output += ":"
                append(value, to: &output)
            }
            output += "}"
        }
    }

    private static func append(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{0}"..<"\u{20}":
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
