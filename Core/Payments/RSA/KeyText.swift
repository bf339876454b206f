import Foundation

/// The text forms of a key.
enum KeyText {
    /// The DER bytes of PEM, or of bare base64 with or without line breaks.
    ///
    /// The label of the PEM is not used: the DER bytes identify the key's form.
    static func der(_ text: String) -> Data? {
        let lines = text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        let armour = lines.filter { $0.hasPrefix("-----") }
        let isPEM =
            armour.count == 2 && armour[0].hasPrefix("-----BEGIN ")
            && armour[1].hasPrefix("-----END ")
        guard armour.isEmpty || isPEM else { return nil }
        let base64 = lines.filter { !$0.hasPrefix("-----") }.joined()
        return base64.isEmpty ? nil : Data(base64Encoded: base64)
    }
}
