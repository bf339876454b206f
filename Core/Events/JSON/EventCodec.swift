import Foundation

/// Encodes events as JSON and decodes them.
public enum EventCodec {
    /// The greatest depth of nested objects and arrays that is decoded.
    public static let maximumDepth = 16

    /// The event as JSON in UTF-8, fields sorted by name.
    public static func encode(_ event: some Encodable) throws(EventCodecError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(event))
        } catch {
            throw EventCodecError(reason: "event_not_encodable", detail: "\(error)")
        }
    }

    /// Decodes an event from JSON bytes.
    /// - Throws: `EventCodecError` that names the field and what is wrong with it.
    public static func decode<E: Decodable>(
        _ type: E.Type, from bytes: [UInt8]
    ) throws(EventCodecError) -> E {
        guard JSONDepth.isWithin(maximumDepth, bytes) else {
            throw EventCodecError(
                reason: "malformed_json", detail: "nested deeper than \(maximumDepth)")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw EventCodecError(reading: error)
        } catch {
            throw EventCodecError(reason: "malformed_json", detail: "\(error)")
        }
    }
}

/// Why bytes are not the event they should be.
public struct EventCodecError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `malformed_json` or `schema_mismatch`.
    public let reason: String
    /// The field and what is wrong with it; never the value of a secret.
    public let detail: String

    init(reason: String, detail: String) {
        self.reason = reason
        self.detail = detail
    }

    /// A decoder's error, worded for the sender of the bytes.
    public init(reading error: DecodingError) {
        func path(_ context: DecodingError.Context) -> String {
            let names = context.codingPath.map(\.stringValue).joined(separator: ".")
            return names.isEmpty ? "the record" : names
        }
        switch error {
        case .keyNotFound(let key, let context):
            self.init(
                reason: "schema_mismatch",
                detail: "\(path(context)): field '\(key.stringValue)' is missing")
        case .typeMismatch(let type, let context):
            self.init(
                reason: "schema_mismatch", detail: "\(path(context)): is not \(type)")
        case .valueNotFound(let type, let context):
            self.init(
                reason: "schema_mismatch", detail: "\(path(context)): null where \(type) must be")
        case .dataCorrupted(let context):
            let isWhole = context.codingPath.isEmpty
            self.init(
                reason: isWhole ? "malformed_json" : "schema_mismatch",
                detail: "\(path(context)): \(context.debugDescription)")
        @unknown default:
            self.init(reason: "schema_mismatch", detail: "\(error)")
        }
    }

    /// The reason and the detail.
    public var description: String { "\(reason): \(detail)" }
}
