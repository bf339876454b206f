import Payments

/// The top-level fields of a signed request, each as the text that is signed.
///
/// Stored as one byte array that begins with the string to sign, so that neither decoding nor
/// signing allocates a string for each field.
public struct RequestFields: Sendable, Equatable {
    /// A field: the ranges of its name and value in ``text``.
    struct Field: Sendable, Equatable {
        var name: Range<Int>
        var value: Range<Int>
        let kind: Kind
    }

    /// The JSON type of a field's value.
    enum Kind: Sendable, Equatable {
        case text, null
        case integer(Int64)
        case flag(Bool)
    }

    /// The string to sign, then names and values of the fields that aren't signed.
    let text: [UInt8]
    /// Every field but `agent_signatures`, sorted by their names' bytes.
    let fields: [Field]
    private let signedCount: Int
    /// The fields of each of `agent_signatures`.
    public let agentSignatures: [RequestFields]

    /// Fields that the caller made: of GET queries and of requests that the platform signs.
    public init(
        _ scalars: [String: RequestScalar], agentSignatures: [RequestFields] = []
    ) {
        var draft = RequestDraft()
        for (name, scalar) in scalars { draft.add(name, scalar) }
        self.init(draft, agentSignatures: agentSignatures)
    }

    init(_ draft: consuming RequestDraft, agentSignatures: [RequestFields]) {
        (text, fields, signedCount) = draft.arranged()
        self.agentSignatures = agentSignatures
    }

    /// A field's value; `nil` where there is no such field.
    public subscript(name: String) -> RequestScalar? { field(named: name).map(scalar) }

    /// Every field's value by name.
    public var scalars: [String: RequestScalar] {
        Dictionary(fields.map { (string($0.name), scalar($0)) }) { first, _ in first }
    }

    /// The contract's string to sign: `name=value` sorted by name and joined with `&`, without
    /// `sign`, `agent_signatures` and fields that are null or empty.
    public func stringToSign() -> String {
        String(decoding: text[..<signedCount], as: UTF8.self)
    }

    /// The string to sign with fields that aren't sent: what the request is about and does.
    public func stringToSign(adding more: [String: String]) -> String {
        let all = scalars.merging(more.mapValues { .text($0) }) { _, added in added }
        return RequestFields(all).stringToSign()
    }

    /// The string to sign without these fields.
    public func stringToSign(leavingOut names: [StaticString]) -> String {
        var rest: [UInt8] = []
        rest.reserveCapacity(signedCount)
        for field in fields where field.value.upperBound <= signedCount {
            guard !field.value.isEmpty, !names.contains(where: { isNamed(field, $0) }) else {
                continue
            }
            if !rest.isEmpty { rest.append(UInt8(ascii: "&")) }
            rest.append(contentsOf: text[field.name.lowerBound..<field.value.upperBound])
        }
        return String(decoding: rest, as: UTF8.self)
    }

    // MARK: Fields

    func field(named name: String) -> Field? {
        var name = name
        // For a dozen fields a linear search is faster than hashing.
        return name.withUTF8 { wanted in
            fields.first { text[$0.name].elementsEqual(wanted) }
        }
    }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    func scalar(_ field: Field) -> RequestScalar {
        switch field.kind {
        case .text: .text(string(field.value))
        case .integer(let number): .integer(number)
        case .flag(let flag): .flag(flag)
        case .null: .null
        }
    }

    private func isNamed(_ field: Field, _ name: StaticString) -> Bool {
        name.withUTF8Buffer { text[field.name].elementsEqual($0) }
    }
}

/// A JSON scalar.
public enum RequestScalar: Sendable, Equatable {
    /// A string.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// `true` or `false`.
    case flag(Bool)
    /// `null`: not signed.
    case null

    /// The text that is signed; `nil` for null.
    public var signedText: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .null: nil
        }
    }
}
