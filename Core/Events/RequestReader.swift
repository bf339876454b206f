import Foundation
public import Payments

/// Reads typed members out of a request and says exactly which one is wrong.
public struct RequestReader {
    let members: RequestFields
    let path: String

    /// A reader of `members`; `path` is where they stand, with a point behind, for errors.
    public init(members: RequestFields, path: String = "") {
        self.members = members
        self.path = path
    }

    /// A number or name that identifies something: 1 to 64 of letters, digits, `_`, `-` and `.`.
    public func name(_ member: String) throws -> String {
        let value = try text(member, maximum: 64)
        guard value.utf8.allSatisfy(Self.isNameByte) else {
            throw wrong(member, "may hold letters, digits, '_', '-' and '.' only")
        }
        return value
    }

    /// Text that must be there and not be empty; at most `maximum` characters, none a control.
    public func text(_ member: String, maximum: Int) throws -> String {
        guard let value = try optionalText(member, maximum: maximum) else {
            throw wrong(member, "is missing")
        }
        return value
    }

    /// Text that may be absent, null or empty, all of which mean none.
    public func optionalText(_ member: String, maximum: Int) throws -> String? {
        guard let found = members.member(member), found.kind != .null else { return nil }
        guard found.kind == .text else { throw wrong(member, "must be text") }
        let bytes = members.text[found.value]
        // A character is a code point; bytes are never fewer.
        guard bytes.count <= maximum || bytes.count(where: Self.isFirst) <= maximum else {
            throw wrong(member, "is longer than \(maximum) characters")
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw wrong(member, "holds a control character")
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// A whole number in a range.
    public func integer(_ member: String, in range: ClosedRange<Int64>) throws -> Int64 {
        guard let value = try optionalInteger(member, in: range) else {
            throw wrong(member, "is missing")
        }
        return value
    }

    /// A whole number in a range, or none.
    public func optionalInteger(_ member: String, in range: ClosedRange<Int64>) throws -> Int64? {
        switch members.member(member)?.kind {
        case nil, .null: return nil
        case .integer(let value) where range.contains(value): return value
        case .integer:
            throw wrong(member, "must be from \(range.lowerBound) to \(range.upperBound)")
        case .text, .flag: throw wrong(member, "must be a whole number")
        }
    }

    /// An RFC 3339 time.
    public func time(_ member: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: try text(member, maximum: 40)) else {
            throw wrong(member, "must be an RFC 3339 time with a zone")
        }
        return time
    }

    /// An absolute http or https URL, or none.
    public func httpURL(_ member: String) throws -> String? {
        guard let value = try optionalText(member, maximum: 256) else { return nil }
        guard let url = URL(string: value), ["http", "https"].contains(url.scheme?.lowercased()),
            url.host?.isEmpty == false
        else { throw wrong(member, "must be an absolute http or https URL") }
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

    /// `product`.
    public func product() throws -> Product {
        guard let product = Product(rawValue: try text("product", maximum: 16)) else {
            throw wrong("product", "must be PC, WAP or APP")
        }
        return product
    }

    /// The error for a member.
    public func wrong(_ member: String, _ why: String) -> EventCodecError {
        EventCodecError(reason: "schema_mismatch", detail: "\(path)\(member): \(why)")
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
