import Foundation
public import Payments

/// Reads typed fields of a request; an error names the field and what is wrong with it.
public struct RequestReader {
    let fields: RequestFields
    let path: String

    /// - Parameter path: the fields' path in the record, with a dot at its end; for error texts.
    public init(fields: RequestFields, path: String = "") {
        self.fields = fields
        self.path = path
    }

    /// A number or name that identifies something: 1 to 64 of A-Z, a-z, 0-9, `_`, `-` and `.`.
    public func name(_ field: String) throws -> String {
        let value = try text(field, maximum: 64)
        guard Self.isName(value) else {
            throw wrong(field, "may contain A-Z, a-z, 0-9, '_', '-' and '.' only")
        }
        return value
    }

    /// Whether a text is a number or name that identifies something, as ``name(_:)`` reads one.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte)
    }

    /// Required text: 1 to `maximum` characters, no control character.
    public func text(_ field: String, maximum: Int) throws -> String {
        guard let value = try optionalText(field, maximum: maximum) else {
            throw wrong(field, "is missing")
        }
        return value
    }

    /// Optional text: `nil` where it is absent, null or empty.
    public func optionalText(_ field: String, maximum: Int) throws -> String? {
        guard let found = fields.field(named: field), found.kind != .null else { return nil }
        guard found.kind == .text else { throw wrong(field, "must be text") }
        let bytes = fields.text[found.value]
        // A character is a code point; bytes are never fewer.
        guard bytes.count <= maximum || bytes.count(where: Self.isFirst) <= maximum else {
            throw wrong(field, "is longer than \(maximum) characters")
        }
        guard !bytes.withUnsafeBufferPointer(ControlCharacter.isIn) else {
            throw wrong(field, "contains a control character")
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// A required whole number in a range.
    public func integer(_ field: String, in range: ClosedRange<Int64>) throws -> Int64 {
        guard let value = try optionalInteger(field, in: range) else {
            throw wrong(field, "is missing")
        }
        return value
    }

    /// An optional whole number in a range: `nil` where it is absent or null.
    public func optionalInteger(_ field: String, in range: ClosedRange<Int64>) throws -> Int64? {
        switch fields.field(named: field)?.kind {
        case nil, .null: return nil
        case .integer(let value) where range.contains(value): return value
        case .integer:
            throw wrong(field, "must be from \(range.lowerBound) to \(range.upperBound)")
        case .text, .flag: throw wrong(field, "must be a whole number")
        }
    }

    /// A required RFC 3339 time.
    public func time(_ field: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: try text(field, maximum: 40)) else {
            throw wrong(field, "must be an RFC 3339 time with a zone")
        }
        return time
    }

    /// An optional absolute http or https URL.
    public func httpURL(_ field: String) throws -> String? {
        guard let value = try optionalText(field, maximum: 256) else { return nil }
        guard let url = URL(string: value), ["http", "https"].contains(url.scheme?.lowercased()),
            url.host?.isEmpty == false
        else { throw wrong(field, "must be an absolute http or https URL") }
        return value
    }

    /// `sign_type`, `key_version` and `sign`.
    public func signature() throws -> RequestSignature {
        guard let signType = SignType(rawValue: try text("sign_type", maximum: 16)) else {
            throw wrong("sign_type", "must be MD5, HMAC-SHA256 or RSA2")
        }
        return RequestSignature(
            signType: signType,
            keyVersion: Int(try integer("key_version", in: 1...1_000_000)),
            sign: try text("sign", maximum: 1024))
    }

    /// `agent_signatures`: those of the agents' systems, nearest to the merchant first.
    public func agentSignatures() throws -> [AgentSignature] {
        let name = RequestFields.agentSignaturesName
        guard fields.agentSignatures.count <= Self.agentLimit else {
            throw wrong(name, "has more than \(Self.agentLimit) signatures")
        }
        return try fields.agentSignatures.enumerated().map { index, agent in
            let inner = RequestReader(fields: agent, path: "\(path)\(name).\(index).")
            return AgentSignature(
                agentNo: try inner.name("agent_no"), signature: try inner.signature())
        }
    }

    // Each costs a verification, and no chain is that long.
    private static let agentLimit = 16

    /// `product`.
    public func product() throws -> Product {
        guard let product = Product(rawValue: try text("product", maximum: 16)) else {
            throw wrong("product", "must be PC, WAP or APP")
        }
        return product
    }

    /// The error that names a field and what is wrong with it.
    public func wrong(_ field: String, _ why: String) -> EventCodecError {
        EventCodecError(reason: "schema_mismatch", detail: "\(path)\(field): \(why)")
    }

    // UTF-8's other bytes of a character begin with the bits 10.
    private static func isFirst(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
