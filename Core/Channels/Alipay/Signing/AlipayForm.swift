public import Channels

/// The parameters of a request or a notification: names, and values as the bytes that are signed.
public struct AlipayForm: Sendable, Hashable {
    /// Which fields the signature excludes.
    public enum SigningRule: Sendable, Hashable {
        /// All but `sign`: requests (channel protocol §1.3) and the message gateway's pushes (V2).
        case request
        /// All but `sign` and `sign_type`: notifications (V1) and browser returns (§3.3).
        case notification
    }

    /// The charset of the values: as declared by the field `charset`, else UTF-8.
    public let charset: AlipayCharset
    private let fields: [Field]

    // The second is the legacy gateway's.
    private static let charsetNames = ["charset", "_input_charset"]

    private struct Field: Sendable, Hashable {
        let name: String
        let value: [UInt8]
    }

    /// A form to send. Fields with an empty name or value are omitted, from the string to sign and
    /// from the form. The field `charset` decides the bytes.
    /// - Throws: `malformed` for an unknown charset.
    public init(_ pairs: [(String, String)]) throws(ChannelMessageError) {
        let declared = pairs.last { Self.charsetNames.contains($0.0) }?.1
        let charset = try Self.charset(declared)
        var fields: [Field] = []
        for (name, value) in pairs where !name.isEmpty && !value.isEmpty {
            guard let bytes = try? charset.encode(value) else {
                throw .malformed("\(name) can't be written in \(charset.rawValue)")
            }
            fields.append(Field(name: name, value: bytes))
        }
        self.charset = charset
        self.fields = fields
    }

    /// A form as it was received: URL-encoded once, in its declared charset.
    /// - Throws: `malformed` for a broken escape, a repeated name, an unknown charset.
    public init(received form: [UInt8]) throws(ChannelMessageError) {
        var fields: [Field] = []
        var names: Set<String> = []
        for pair in form.split(separator: UInt8(ascii: "&")) {
            let halves = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let nameBytes = FormEncoding.decode(halves[0]),
                let value = FormEncoding.decode(halves.count > 1 ? halves[1] : []),
                let name = String(validating: nameBytes, as: UTF8.self)
            else { throw .malformed("an escape in the form is broken") }
            // One of the two values may not be the signed one.
            guard names.insert(name).inserted else {
                throw .malformed("the field '\(name.prefix(32))' is repeated")
            }
            fields.append(Field(name: name, value: value))
        }
        let declared = fields.first { Self.charsetNames.contains($0.name) }?.value
        charset = try Self.charset(declared.map { String(decoding: $0, as: UTF8.self) })
        self.fields = fields
    }

    /// A field's text; `nil` where it is missing or empty.
    /// - Throws: `malformed` where its bytes aren't of the declared charset.
    public func text(_ name: String) throws(ChannelMessageError) -> String? {
        guard let field = fields.first(where: { $0.name == name }), !field.value.isEmpty else {
            return nil
        }
        guard let text = charset.decode(field.value) else {
            throw .malformed("'\(name)' isn't \(charset.rawValue) text")
        }
        return text
    }

    /// The bytes that are signed: sorted by name, values unescaped, empty ones omitted.
    public func stringToSign(_ rule: SigningRule) -> [UInt8] {
        let signed = fields.filter { field in
            let isLeftOut =
                field.name == "sign" || (rule == .notification && field.name == "sign_type")
            return !isLeftOut && !field.name.isEmpty && !field.value.isEmpty
        }
        let lines = signed.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { Array($0.name.utf8) + [UInt8(ascii: "=")] + $0.value }
        return Array(lines.joined(separator: [UInt8(ascii: "&")]))
    }

    /// The form with one more field, at its end.
    func adding(_ name: String, _ value: String) -> AlipayForm {
        AlipayForm(charset: charset, fields: fields + [Field(name: name, value: Array(value.utf8))])
    }

    /// The form in two parts: the query of the address, and the named fields for the body.
    func split(body names: Set<String>) -> (query: AlipayForm, body: AlipayForm) {
        (
            AlipayForm(charset: charset, fields: fields.filter { !names.contains($0.name) }),
            AlipayForm(charset: charset, fields: fields.filter { names.contains($0.name) })
        )
    }

    /// The form as it is sent: every value escaped, fields in their order.
    public var encoded: String {
        fields.map { "\(FormEncoding.encode($0.name.utf8))=\(FormEncoding.encode($0.value))" }
            .joined(separator: "&")
    }

    private init(charset: AlipayCharset, fields: [Field]) {
        self.charset = charset
        self.fields = fields
    }

    private static func charset(
        _ declared: String?
    ) throws(ChannelMessageError) -> AlipayCharset {
        guard let declared, !declared.isEmpty else { return .utf8 }
        guard let charset = AlipayCharset(declared: declared) else {
            throw .malformed("the charset '\(declared.prefix(32))' is unknown")
        }
        return charset
    }
}
