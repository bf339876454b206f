extension RequestFields: JSONReadable {
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
        var draft = RequestDraft()
        var agents: [RequestFields]?
        try cursor.object { name, cursor in
            if case "agent_signatures" = name {
                guard agents == nil else {
                    throw JSONCursor.mismatch("\(path)\(name)", "stands twice")
                }
                agents = try Self.agents(reading: &cursor, at: "\(path)\(name)")
            } else {
                try draft.add(name, reading: &cursor, at: path)
            }
        }
        self.init(draft, agentSignatures: agents ?? [])
        for (one, next) in zip(members, members.dropFirst())
        where text[one.name].elementsEqual(text[next.name]) {
            throw JSONCursor.mismatch(path + string(one.name), "stands twice")
        }
    }

    private static func agents(
        reading cursor: inout JSONCursor, at path: String
    ) throws -> [RequestFields] {
        var agents: [RequestFields] = []
        switch try cursor.kind() {
        case .word where try cursor.word() == nil: break
        case .array:
            try cursor.array { cursor in
                agents.append(
                    try RequestFields(reading: &cursor, at: "\(path).\(agents.count)."))
            }
        default: throw JSONCursor.mismatch(path, "must be a list of objects")
        }
        return agents
    }
}

extension RequestFields {
    /// The object: members in the order of their names' bytes, the agents' signatures after them.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 2 * text.count + 64)
        for member in members {
            switch member.kind {
            case .text: writer.member(text[member.name], text: text[member.value])
            case .integer, .flag: writer.member(text[member.name], json: text[member.value])
            case .null: writer.member(text[member.name], json: "null".utf8)
            }
        }
        if !agentSignatures.isEmpty {
            let agents = agentSignatures.map { $0.json() }.joined(separator: [UInt8(ascii: ",")])
            writer.member(
                "agent_signatures", json: [UInt8(ascii: "[")] + agents + [UInt8(ascii: "]")])
        }
        return writer.object()
    }
}

extension RequestDraft {
    /// Takes a member's value.
    fileprivate mutating func add(
        _ name: JSONText, reading cursor: inout JSONCursor, at path: String
    ) throws {
        switch try cursor.kind() {
        case .string: add(name, .text, text: try cursor.text())
        case .word: add(name, try cursor.word().map { .flag($0) } ?? .null)
        case .number:
            guard let number = try cursor.integer() else { throw Self.mismatch(path, name) }
            add(name, .integer(number))
        case .object, .array:
            try cursor.skip()
            throw Self.mismatch(path, name)
        }
    }

    private static func mismatch(_ path: String, _ name: JSONText) -> EventCodecError {
        JSONCursor.mismatch(
            "\(path)\(name)", "must be text, a whole number, true, false or null")
    }
}
