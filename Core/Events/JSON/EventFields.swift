import Payments

/// The fields of a flat event, decoded in one pass and then read by name. Lists and objects are
/// ignored: they belong to a later version.
struct EventFields {
    private var fields: [(name: String, value: RequestScalar)] = []

    init(reading cursor: inout JSONCursor) throws {
        guard try cursor.kind() == .object else {
            throw JSONCursor.mismatch("the record", "must be an object")
        }
        fields.reserveCapacity(16)
        try cursor.object { name, cursor in
            switch try cursor.kind() {
            case .object, .array: try cursor.skip()
            case .string: fields.append((name.string, .text(try cursor.string())))
            case .word:
                let flag = try cursor.word()
                fields.append((name.string, flag.map { .flag($0) } ?? .null))
            case .number:
                guard let number = try cursor.integer() else {
                    throw JSONCursor.mismatch("\(name)", "must be a whole number")
                }
                fields.append((name.string, .integer(number)))
            }
        }
    }

    func envelope() throws -> Envelope {
        let version = try integer("schema_version")
        guard version == 1 else {
            throw JSONCursor.mismatch(
                "schema_version", "schema_version \(version) is not known here; 1 is")
        }
        return Envelope(
            eventID: try eventID("event_id"), eventType: try text("event_type"),
            occurredAt: try time("occurred_at").timestamp)
    }

    func text(_ name: String) throws -> String {
        guard let text = try textOrNone(name) else { throw JSONCursor.missing(name) }
        return text
    }

    func textOrNone(_ name: String) throws -> String? {
        switch self[name] {
        case nil, .null: return nil
        case .text(let text): return text
        default: throw JSONCursor.mismatch(name, "must be text")
        }
    }

    func integer(_ name: String) throws -> Int64 {
        guard case .integer(let number) = self[name] else {
            throw self[name] == nil
                ? JSONCursor.missing(name) : JSONCursor.mismatch(name, "must be a whole number")
        }
        return number
    }

    func flag(_ name: String) throws -> Bool {
        guard case .flag(let flag) = self[name] else {
            throw self[name] == nil
                ? JSONCursor.missing(name) : JSONCursor.mismatch(name, "must be true or false")
        }
        return flag
    }

    func time(_ name: String) throws -> EventTime {
        guard let time = EventTime(rfc3339: try text(name)) else {
            throw JSONCursor.mismatch(name, "is not an RFC 3339 time")
        }
        return time
    }

    func eventID(_ name: String) throws -> EventID {
        guard let id = EventID(try text(name)) else {
            throw JSONCursor.mismatch(name, "is not a UUID")
        }
        return id
    }

    /// A required value of an enum.
    func one<Value: RawRepresentable<String>>(_ name: String) throws -> Value {
        let text = try text(name)
        guard let value = Value(rawValue: text) else {
            throw JSONCursor.mismatch(name, "'\(text.prefix(40))' is not known")
        }
        return value
    }

    private subscript(name: String) -> RequestScalar? {
        fields.last { $0.name == name }?.value
    }
}
