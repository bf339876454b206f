import Payments

/// The top-level members of a signed request, each as the text that is signed.
///
/// Kept as one run of bytes that begins with the string to sign, so that neither reading nor
/// signing makes a string for each member.
public struct RequestFields: Sendable, Equatable {
    /// A member that takes part in signing, or is the signature: where it stands in ``text``.
    struct Member: Sendable, Equatable {
        var name: Range<Int>
        var value: Range<Int>
        let kind: Kind
    }

    /// What a member's value is.
    enum Kind: Sendable, Equatable {
        case text, null
        case integer(Int64)
        case flag(Bool)
    }

    /// `name=value` of what is signed, joined by `&`; then the names and values of the rest.
    let text: [UInt8]
    /// Every member that isn't a list, in the order of their names' bytes: that of signing.
    let members: [Member]
    private let signedCount: Int
    /// The members of each of `agent_signatures`.
    public let agentSignatures: [RequestFields]

    /// Members by hand, for GET queries and for what we sign ourselves.
    public init(
        _ scalars: [String: RequestScalar], agentSignatures: [RequestFields] = []
    ) {
        var draft = RequestDraft()
        for (name, scalar) in scalars { draft.add(name, scalar) }
        self.init(draft, agentSignatures: agentSignatures)
    }

    init(_ draft: consuming RequestDraft, agentSignatures: [RequestFields]) {
        (text, members, signedCount) = draft.arranged()
        self.agentSignatures = agentSignatures
    }

    /// A member's value.
    public subscript(name: String) -> RequestScalar? { self.member(name).map(scalar) }

    /// The members by name.
    public var scalars: [String: RequestScalar] {
        Dictionary(members.map { (string($0.name), scalar($0)) }) { first, _ in first }
    }

    /// The string to sign of the contract: `name=value` joined with `&`, without `sign` and what
    /// is null or empty, as `SignedFields` has it.
    public func stringToSign() -> String {
        String(decoding: text[..<signedCount], as: UTF8.self)
    }

    /// The same without the members named.
    public func stringToSign(leavingOut names: [StaticString]) -> String {
        var rest: [UInt8] = []
        rest.reserveCapacity(signedCount)
        for member in members where member.value.upperBound <= signedCount {
            guard !member.value.isEmpty, !names.contains(where: { isNamed(member, $0) }) else {
                continue
            }
            if !rest.isEmpty { rest.append(UInt8(ascii: "&")) }
            rest.append(contentsOf: text[member.name.lowerBound..<member.value.upperBound])
        }
        return String(decoding: rest, as: UTF8.self)
    }

    // MARK: Members

    func member(_ name: String) -> Member? {
        var name = name
        // A dozen members: faster than hashing.
        return name.withUTF8 { wanted in
            members.first { text[$0.name].elementsEqual(wanted) }
        }
    }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    func scalar(_ member: Member) -> RequestScalar {
        switch member.kind {
        case .text: .text(string(member.value))
        case .integer(let number): .integer(number)
        case .flag(let flag): .flag(flag)
        case .null: .null
        }
    }

    private func isNamed(_ member: Member, _ name: StaticString) -> Bool {
        name.withUTF8Buffer { text[member.name].elementsEqual($0) }
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
