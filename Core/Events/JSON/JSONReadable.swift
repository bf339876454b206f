import Payments

/// A value that is decoded in one pass over its bytes: events and requests of the hot path.
public protocol JSONReadable: Sendable {
    /// Decodes a value and leaves the cursor behind it.
    /// - Throws: `EventCodecError` or `DecodingError`, which name the field and what is wrong with
    ///   it.
    init(reading cursor: inout JSONCursor) throws
}

extension EventCodec {
    /// Decodes an event or request of the hot path.
    /// - Throws: `EventCodecError` that names the field and what is wrong with it.
    public static func decode<E: JSONReadable>(
        _ type: E.Type, from bytes: [UInt8]
    ) throws(EventCodecError) -> E {
        do {
            return try bytes.withUnsafeBufferPointer { buffer in
                var cursor = JSONCursor(buffer)
                let value = try E(reading: &cursor)
                try cursor.end()
                return value
            }
        } catch let error as EventCodecError {
            // A syntax error anywhere comes before a wrong field.
            try checkSyntax(of: bytes)
            throw error
        } catch let error as DecodingError {
            try checkSyntax(of: bytes)
            throw EventCodecError(reading: error)
        } catch {
            throw EventCodecError(reason: "malformed_json", detail: "\(error)")
        }
    }

    private static func checkSyntax(of bytes: [UInt8]) throws(EventCodecError) {
        do {
            try bytes.withUnsafeBufferPointer { buffer in
                var cursor = JSONCursor(buffer)
                try cursor.skip()
                try cursor.end()
            }
        } catch let error as EventCodecError {
            throw error
        } catch {
            throw EventCodecError(reason: "malformed_json", detail: "\(error)")
        }
    }
}

extension JSONCursor {
    /// Reads a field that must be text.
    mutating func text(of name: JSONText) throws -> String { try bytes(of: name).string }

    /// Reads a field that must be text or null.
    mutating func textOrNull(of name: JSONText) throws -> String? {
        guard try kind() == .word else { return try text(of: name) }
        guard try word() == nil else { throw Self.mismatch("\(name)", "must be text") }
        return nil
    }

    /// Reads a field that must be an RFC 3339 time.
    mutating func time(of name: JSONText) throws -> EventTime {
        let text = try bytes(of: name)
        guard let time = text.withBytes({ Timestamp(rfc3339: $0) }) else {
            throw Self.mismatch("\(name)", "'\(text.string.prefix(40))' is not an RFC 3339 time")
        }
        return EventTime(time)
    }

    /// Reads a field that must be a UUID.
    mutating func eventID(of name: JSONText) throws -> EventID {
        let text = try bytes(of: name)
        guard let id = text.withBytes({ EventID($0) }) else {
            throw Self.mismatch("\(name)", "'\(text.string.prefix(40))' is not a UUID")
        }
        return id
    }

    private mutating func bytes(of name: JSONText) throws -> JSONText {
        guard try kind() == .string else { throw Self.mismatch("\(name)", "must be text") }
        return try text()
    }

    static func mismatch(_ name: String, _ what: String) -> EventCodecError {
        EventCodecError(reason: "schema_mismatch", detail: "\(name): \(what)")
    }

    static func missing(_ name: String) -> EventCodecError {
        EventCodecError(
            reason: "schema_mismatch", detail: "the record: field '\(name)' is missing")
    }
}
