extension RequestFields: JSONReadable {
    static let agentSignaturesName = "agent_signatures"

    /// Decodes a flat object; only `agent_signatures` may be a list. A repeated name is an error:
    /// which of the two was signed is ambiguous.
    public init(reading cursor: inout JSONCursor) throws {
        try self.init(reading: &cursor, at: "")
    }

    /// - Parameter path: the object's path in the record, with a dot at its end; for error texts.
    init(reading cursor: inout JSONCursor, at path: String) throws {
        guard try cursor.kind() == .object else {
            let whole = path.isEmpty ? "the record" : String(path.dropLast())
            throw JSONCursor.mismatch(whole, "must be an object")
        }
        var draft = RequestDraft()
        var agents: [RequestFields]?
        try cursor.object { name, cursor in
            try name.withBytes { try Self.checkName($0, at: path) }
            if case "agent_signatures" = name {
                guard agents == nil else {
                    throw JSONCursor.mismatch("\(path)\(name)", "is repeated")
                }
                agents = try Self.agents(reading: &cursor, at: "\(path)\(name)")
            } else {
                try draft.add(name, reading: &cursor, at: path)
            }
        }
        self.init(draft, agentSignatures: agents ?? [])
        for (one, next) in zip(fields, fields.dropFirst())
        where text[one.name].elementsEqual(text[next.name]) {
            throw JSONCursor.mismatch(path + string(one.name), "is repeated")
        }
    }

    /// The longest name of a field, in bytes.
    private static let nameLimit = 64

    // `=` or `&` in a name would let two requests have the same string to sign. The name is not
    // part of the error: it may hold anything.
    private static func checkName(_ name: UnsafeBufferPointer<UInt8>, at path: String) throws {
        let isAmbiguous = name.contains { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "&") }
        guard name.count <= nameLimit, !isAmbiguous, !ControlCharacter.isIn(name) else {
            throw JSONCursor.mismatch(
                path.isEmpty ? "the record" : String(path.dropLast()),
                "a field's name is longer than \(nameLimit) bytes, or contains '=', '&' or a "
                    + "control character")
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
    /// The request as JSON: fields sorted by their names' bytes, then the agents' signatures.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 2 * text.count + 64)
        for field in fields {
            switch field.kind {
            case .text: writer.field(text[field.name], text: text[field.value])
            case .integer, .flag: writer.field(text[field.name], json: text[field.value])
            case .null: writer.field(text[field.name], json: "null".utf8)
            }
        }
        if !agentSignatures.isEmpty {
            let agents = agentSignatures.map { $0.json() }.joined(separator: [UInt8(ascii: ",")])
            writer.field(
                "agent_signatures", json: [UInt8(ascii: "[")] + agents + [UInt8(ascii: "]")])
        }
        return writer.object()
    }
}

extension RequestDraft {
    /// Decodes a field's value.
    fileprivate mutating func add(
        _ name: JSONText, reading cursor: inout JSONCursor, at path: String
    ) throws {
        switch try cursor.kind() {
        case .string:
            let text = try cursor.text()
            guard !text.withBytes(ControlCharacter.isIn) else {
                throw JSONCursor.mismatch("\(path)\(name)", "contains a control character")
            }
            add(name, .text, text: text)
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
