public import Payments

/// A time in an event's JSON: RFC 3339 text.
public struct EventTime: Sendable, Equatable, Codable {
    /// The moment.
    public let timestamp: Timestamp

    /// Wraps a time.
    public init(_ timestamp: Timestamp) { self.timestamp = timestamp }

    /// Wraps a time, if there is one.
    public init?(_ timestamp: Timestamp?) {
        guard let timestamp else { return nil }
        self.timestamp = timestamp
    }

    /// Reads RFC 3339 text.
    init?(rfc3339 text: String) {
        guard let timestamp = Timestamp(rfc3339: text) else { return nil }
        self.timestamp = timestamp
    }

    /// Reads RFC 3339 text.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let text = try value.decode(String.self)
        guard let timestamp = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "'\(text.prefix(40))' is not an RFC 3339 time")
        }
        self.timestamp = timestamp
    }

    /// Writes RFC 3339 text.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(timestamp.rfc3339)
    }
}
