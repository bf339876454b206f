import Payments

/// The top-level members of a signed request, each as the text that is signed.
public struct RequestMembers: Sendable, Equatable {
    /// A member that takes part in signing, or is the signature.
    public struct Member: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: RequestScalar
    }

    /// Every member that isn't a list, in the order of their names' bytes: that of signing.
    public let members: [Member]
    /// The members of each of `agent_signatures`.
    public let agentSignatures: [RequestMembers]

    /// Members by hand, for GET queries and for what we sign ourselves.
    public init(
        _ scalars: [String: RequestScalar], agentSignatures: [RequestMembers] = []
    ) {
        self.init(scalars.map { Member(name: $0.key, value: $0.value) }, agentSignatures)
    }

    private init(_ members: [Member], _ agentSignatures: [RequestMembers]) {
        self.members = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.agentSignatures = agentSignatures
    }

    /// A member's value.
    public subscript(name: String) -> RequestScalar? {
        // A dozen members: faster than hashing.
        members.first { $0.name == name }?.value
    }

    /// The members by name.
    public var scalars: [String: RequestScalar] {
        Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// The string to sign of the contract, of all members but those named.
    public func stringToSign(leavingOut names: Set<String> = []) -> String {
        SignedFields(
            members.lazy.filter { names.isEmpty || !names.contains($0.name) }
                .map { ($0.name, $0.value.signedText) }
        ).stringToSign
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

extension RequestMembers: JSONReadable {
    static let agentSignaturesName = "agent_signatures"

    /// Reads a flat object; only `agent_signatures` may be a list. A name that stands twice is
    /// refused: which of the two was signed nobody can tell.
    public init(reading cursor: inout JSONCursor) throws {
        try self.init(reading: &cursor, at: "")
    }

    /// - Parameter path: the object's own name and a point, for errors.
    init(reading cursor: inout JSONCursor, at path: String) throws {
        guard try cursor.kind() == .object else {
            let whole = path.isEmpty ? "the record" : String(path.dropLast())
            throw JSONCursor.mismatch(whole, "must be an object")
        }
        var members: [Member] = []
        members.reserveCapacity(16)
        var agents: [RequestMembers]?
        try cursor.object { name, cursor in
            if name == Self.agentSignaturesName {
                guard agents == nil else { throw JSONCursor.mismatch(path + name, "stands twice") }
                agents = try Self.agents(reading: &cursor, at: path + name)
            } else {
                let value = try RequestScalar(reading: &cursor) { path + name }
                members.append(Member(name: name, value: value))
            }
        }
        self.init(members, agents ?? [])
        for (one, next) in zip(self.members, self.members.dropFirst())
        where one.name.utf8.elementsEqual(next.name.utf8) {
            throw JSONCursor.mismatch(path + one.name, "stands twice")
        }
    }

    private static func agents(
        reading cursor: inout JSONCursor, at path: String
    ) throws -> [RequestMembers] {
        var agents: [RequestMembers] = []
        switch try cursor.kind() {
        case .word where try cursor.word() == nil: break
        case .array:
            try cursor.array { cursor in
                agents.append(
                    try RequestMembers(reading: &cursor, at: "\(path).\(agents.count)."))
            }
        default: throw JSONCursor.mismatch(path, "must be a list of objects")
        }
        return agents
    }
}

extension RequestScalar {
    init(reading cursor: inout JSONCursor, name: () -> String) throws {
        switch try cursor.kind() {
        case .string: self = .text(try cursor.string())
        case .word: self = try cursor.word().map { .flag($0) } ?? .null
        case .number:
            guard let number = try cursor.integer() else { throw Self.mismatch(name()) }
            self = .integer(number)
        case .object, .array:
            try cursor.skip()
            throw Self.mismatch(name())
        }
    }

    private static func mismatch(_ name: String) -> EventCodecError {
        JSONCursor.mismatch(name, "must be text, a whole number, true, false or null")
    }
}

extension RequestScalar: Encodable {
    /// Writes the scalar.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .integer(let number): try value.encode(number)
        case .flag(let flag): try value.encode(flag)
        case .null: try value.encodeNil()
        }
    }
}

extension RequestMembers: Encodable {
    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Writes the object back.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        for member in members {
            try object.encode(member.value, forKey: Name(stringValue: member.name))
        }
        if !agentSignatures.isEmpty {
            try object.encode(
                agentSignatures, forKey: Name(stringValue: Self.agentSignaturesName))
        }
    }
}
