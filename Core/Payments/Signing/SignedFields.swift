/// The members of a request or a callback, made into the text that is signed.
public struct SignedFields: Sendable, Hashable {
    /// `name=value` joined with `&`, sorted by the bytes of the names.
    ///
    /// Without `sign`, `agent_signatures` and what is null or empty. Values stand as they are:
    /// not escaped, not trimmed.
    public let stringToSign: String

    /// Builds the text.
    /// - Parameter fields: the top-level members; numbers as plain integers, `nil` for null.
    public init(_ fields: [(String, String?)]) {
        var kept: [(name: String, value: String)] = []
        kept.reserveCapacity(fields.count)
        for (name, value) in fields {
            guard let value, !value.isEmpty, name != "sign", name != "agent_signatures" else {
                continue
            }
            kept.append((name, value))
        }
        // Swift compares text by Unicode's canonical order; the rule is that of the bytes.
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

    /// What an agent signs: the text, and the signature made before its own.
    public func stringToSign(after signature: String) -> String {
        "\(stringToSign)&sign=\(signature)"
    }
}
