import Foundation

/// JSON text whose fields keep the caller's order.
enum OrderedJSON {
    /// An object of text fields.
    static func object(_ fields: [(String, String)]) -> String {
        let parts = fields.map { "\(text($0.0)):\(text($0.1))" }
        return "{" + parts.joined(separator: ",") + "}"
    }

    /// A quoted string.
    static func text(_ value: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(value) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }
}
