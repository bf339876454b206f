import Foundation
public import Payments

/// A fact that one role publishes and others consume: one JSON object of one topic.
///
/// Every event carries `event_id`, `event_type`, `schema_version` and `occurred_at` beside its own
/// members; the topic's `schema.json` is its shape.
public protocol Event: Sendable {
    /// The topic it is published to.
    static var topic: String { get }
    /// What decides its partition: events of one key stay in order.
    var key: String { get }
    /// Who it is, what it is and when it happened.
    var envelope: Envelope { get }
    /// Its JSON, UTF-8, members in a stable order.
    func json() throws(EventCodecError) -> [UInt8]
    /// Reads its JSON.
    init(json: [UInt8]) throws(EventCodecError)
}

extension Event where Self: Decodable {
    /// By the general decoder.
    public init(json: [UInt8]) throws(EventCodecError) {
        self = try EventCodec.decode(Self.self, from: json)
    }
}

extension Event where Self: JSONReadable {
    /// In one pass over the bytes.
    public init(json: [UInt8]) throws(EventCodecError) {
        self = try EventCodec.decode(Self.self, from: json)
    }
}

extension Event where Self: Encodable {
    /// By the general encoder; the events of the hot path write their bytes themselves.
    public func json() throws(EventCodecError) -> [UInt8] { try EventCodec.encode(self) }
}

/// The members that every event has.
public struct Envelope: Sendable, Equatable {
    /// UUIDv7; the same however often the event is published.
    public let eventID: EventID
    /// What happened, for example `order.accepted`.
    public let eventType: String
    /// The version of the topic's schema.
    public let schemaVersion: Int
    /// When it happened, in business time.
    public let occurredAt: Timestamp

    /// An envelope of schema version 1.
    public init(eventID: EventID, eventType: String, occurredAt: Timestamp) {
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

    /// Reads the four members; an unknown schema version is refused.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        eventID = try members.decode(EventID.self, forKey: .eventID)
        eventType = try members.decode(String.self, forKey: .eventType)
        schemaVersion = try members.decode(Int.self, forKey: .schemaVersion)
        occurredAt = try members.decode(EventTime.self, forKey: .occurredAt).timestamp
        guard schemaVersion == 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: members,
                debugDescription: "schema_version \(schemaVersion) is not known here; 1 is")
        }
    }

    /// Writes the four members.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(eventID, forKey: .eventID)
        try members.encode(eventType, forKey: .eventType)
        try members.encode(schemaVersion, forKey: .schemaVersion)
        try members.encode(EventTime(occurredAt), forKey: .occurredAt)
    }
}
