import Foundation
public import Payments

/// A fact that one role publishes and others consume: one JSON object of one topic.
///
/// Every event carries `event_id`, `event_type`, `schema_version` and `occurred_at` beside its own
/// fields; the topic's `schema.json` is its shape.
public protocol Event: Sendable {
    /// The topic it is published to.
    static var topic: String { get }
    /// The record's key; Kafka keeps records of one key in order.
    var key: String { get }
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    var envelope: Envelope { get }
    /// The event as a JSON object in UTF-8, fields in a stable order.
    func json() throws(EventCodecError) -> [UInt8]
    /// Decodes an event.
    /// - Throws: `EventCodecError` that names the field that is wrong.
    init(json: [UInt8]) throws(EventCodecError)
}

/// An event whose topic has one `event_type`.
public protocol SingleTypeEvent: Event {
    /// `event_type` of every event of the topic, for example `order.accepted`.
    static var eventType: String { get }
}

extension SingleTypeEvent {
    /// The envelope of an event of this topic.
    /// - Parameters:
    ///   - eventID: a new one by default.
    ///   - time: when it happened, in business time.
    public static func envelope(_ eventID: EventID? = nil, at time: Timestamp) -> Envelope {
        Envelope(
            eventID: eventID ?? .make(at: time), eventType: eventType, occurredAt: time)
    }
}

extension Event where Self: Decodable {
    /// Decodes with Foundation's decoder.
    public init(json: [UInt8]) throws(EventCodecError) {
        self = try EventCodec.decode(Self.self, from: json)
    }
}

extension Event where Self: JSONReadable {
    /// Decodes in one pass over the bytes.
    public init(json: [UInt8]) throws(EventCodecError) {
        self = try EventCodec.decode(Self.self, from: json)
    }
}

extension Event where Self: Encodable {
    /// Encodes with Foundation's encoder; the events of the hot path write their bytes themselves.
    public func json() throws(EventCodecError) -> [UInt8] { try EventCodec.encode(self) }
}

/// The fields that every event has.
public struct Envelope: Sendable, Equatable {
    /// UUIDv7; the same however often the event is published.
    public let eventID: EventID
    /// What happened: one of the topic's types, for example `order.accepted`.
    public let eventType: String
    /// The version of the topic's schema.
    public let schemaVersion: Int
    /// When it happened, in business time.
    public let occurredAt: Timestamp

    /// An envelope of schema version 1. Event types make their own: `OrderAccepted.envelope(at:)`.
    init(eventID: EventID, eventType: String, occurredAt: Timestamp) {
        self.eventID = eventID
        self.eventType = eventType
        self.schemaVersion = 1
        self.occurredAt = occurredAt
    }
}

extension Envelope: Codable {
    enum CodingKeys: String, CodingKey {
        case eventID = "event_id"
        case eventType = "event_type"
        case schemaVersion = "schema_version"
        case occurredAt = "occurred_at"
    }

    /// Decodes the four fields; an unknown schema version is an error.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        eventID = try fields.decode(EventID.self, forKey: .eventID)
        eventType = try fields.decode(String.self, forKey: .eventType)
        schemaVersion = try fields.decode(Int.self, forKey: .schemaVersion)
        occurredAt = try fields.decode(EventTime.self, forKey: .occurredAt).timestamp
        guard schemaVersion == 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: fields,
                debugDescription: "schema_version \(schemaVersion) is not known here; 1 is")
        }
    }

    /// Encodes the four fields.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(eventID, forKey: .eventID)
        try fields.encode(eventType, forKey: .eventType)
        try fields.encode(schemaVersion, forKey: .schemaVersion)
        try fields.encode(EventTime(occurredAt), forKey: .occurredAt)
    }
}
