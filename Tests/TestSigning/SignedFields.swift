/// The string to sign of the platform's own API, written apart from the product's, so that a test
/// that signs with it notices where the product's differs.
public struct SignedFields: Sendable, Hashable {
    /// `name=value` joined with `&`, sorted by the bytes of the names.
    ///
    /// Without `sign`, `agent_signatures` and fields that are null or empty. Values are neither
    /// escaped nor trimmed.
    public let stringToSign: String

    /// - Parameter fields: the top-level fields; numbers as plain integers, `nil` for null.
    public init(_ fields: [(String, String?)]) {
        var kept: [(name: String, value: String)] = []
        kept.reserveCapacity(fields.count)
        for (name, value) in fields {
            guard let value, !value.isEmpty, name != "sign", name != "agent_signatures" else {
                continue
            }
            kept.append((name, value))
        }
        // Swift compares strings by Unicode's canonical order; the rule is the order of the bytes.
        kept.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var text = ""
        for (name, value) in kept {
            if !text.isEmpty { text += "&" }
            text += name
            text += "="
            text += value
        }
        stringToSign = text
    }

    /// The string that an agent signs: the text with the signature made before its own.
    public func stringToSign(after signature: String) -> String {
        "\(stringToSign)&sign=\(signature)"
    }
}
