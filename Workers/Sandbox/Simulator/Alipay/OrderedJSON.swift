import Foundation

/// JSON text with its members in the order given.
enum OrderedJSON {
    /// An object of text members.
    static func object(_ members: [(String, String)]) -> String {
        let parts = members.map { "\(text($0.0)):\(text($0.1))" }
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
