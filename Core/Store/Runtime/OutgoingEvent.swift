public import Events
import Payments

/// An encoded event for publishing: encoded once, also where the publish is repeated.
public struct OutgoingEvent: Sendable, Equatable {
    /// The topic.
    public let topic: String
    /// The partition key.
    public let key: [UInt8]?
    /// The JSON, or a dead letter's original bytes.
    public let value: [UInt8]
    /// The headers, in order.
    public let headers: [Header]

    /// A header.
    public struct Header: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: [UInt8]

        /// A header of text.
        public init(_ name: String, _ value: String) {
            self.init(name, Array(value.utf8))
        }

        /// A header of bytes.
        public init(_ name: String, _ value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// Bytes of key, value and headers, with the protocol's framing of each header.
    public var byteCount: Int {
        headers.reduce((key?.count ?? 0) + value.count) {
            $0 + $1.name.utf8.count + $1.value.count + 10
        }
    }

    /// An event of these parts.
    public init(topic: String, key: [UInt8]?, value: [UInt8], headers: [Header]) {
        self.topic = topic
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Encodes an event, with the headers of the contract.
    /// - Parameters:
    ///   - traceparent: the W3C trace context of what caused it.
    ///   - more: further headers.
    public init(
        _ event: some Event, traceparent: String? = nil, headers more: [Header] = []
    ) throws(EventCodecError) {
        var headers = [
            Header("event-id", event.envelope.eventID.description),
            Self.contentType,
        ]
        if let traceparent { headers.append(Header("traceparent", traceparent)) }
        self.init(
            topic: type(of: event).topic, key: Array(event.key.utf8),
            value: try event.json(), headers: headers + more)
    }
}

extension OutgoingEvent {
    private static let contentType = Header("content-type", "application/json")

    /// Events as one byte array: lengths are 32 bits, little-endian; the length of a missing key is
    /// all ones.
    public static func pack(_ events: [OutgoingEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(events.reduce(8) { $0 + $1.value.count + 256 })
        append(UInt32(events.count), to: &bytes)
        for event in events {
            append(event.topic.utf8, to: &bytes)
            if let key = event.key {
                append(key, to: &bytes)
            } else {
                append(UInt32.max, to: &bytes)
            }
            append(event.value, to: &bytes)
            append(UInt32(packedCount(of: event.headers)), to: &bytes)
            append(event.headers, to: &bytes)
        }
        return bytes
    }

    /// The events that `pack` wrote, or `nil` for other bytes.
    public static func unpack(_ bytes: [UInt8]) -> [OutgoingEvent]? {
        var reader = PackReader(bytes: bytes)
        guard let count = reader.length() else { return nil }
        var events: [OutgoingEvent] = []
        for _ in 0..<count {
            guard let topic = reader.text(), let key = reader.optionalField(),
                let value = reader.field(), let packed = reader.field(),
                let headers = unpackHeaders(packed)
            else { return nil }
            events.append(
                OutgoingEvent(topic: topic, key: key.bytes, value: value, headers: headers))
        }
        return reader.isAtEnd ? events : nil
    }

    /// Headers as one byte array.
    public static func packHeaders(_ headers: [Header]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(headers, to: &bytes)
        return bytes
    }

    private static func packedCount(of headers: [Header]) -> Int {
        headers.reduce(4) { $0 + 8 + $1.name.utf8.count + $1.value.count }
    }

    private static func append(_ headers: [Header], to bytes: inout [UInt8]) {
        append(UInt32(headers.count), to: &bytes)
        for header in headers {
            append(header.name.utf8, to: &bytes)
            append(header.value, to: &bytes)
        }
    }

    /// The headers that `packHeaders` wrote, or `nil` for other bytes.
    public static func unpackHeaders(_ bytes: [UInt8]) -> [Header]? {
        var reader = PackReader(bytes: bytes)
        guard let count = reader.length() else { return nil }
        var headers: [Header] = []
        for _ in 0..<count {
            guard let name = reader.text(), let value = reader.field() else { return nil }
            headers.append(Header(name, value))
        }
        return reader.isAtEnd ? headers : nil
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ field: some Collection<UInt8>, to bytes: inout [UInt8]) {
        append(UInt32(field.count), to: &bytes)
        bytes.append(contentsOf: field)
    }
}

/// Reads the bytes of `OutgoingEvent.pack`; every step returns `nil` where they are too short.
private struct PackReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func length() -> UInt32? {
        guard bytes.count - position >= 4 else { return nil }
        defer { position += 4 }
        return bytes[position..<position + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func field() -> [UInt8]? {
        guard let length = length(), length <= bytes.count - position else { return nil }
        defer { position += Int(length) }
        return Array(bytes[position..<position + Int(length)])
    }

    mutating func optionalField() -> (bytes: [UInt8]?, ())? {
        let start = position
        guard let length = length() else { return nil }
        if length == .max { return (nil, ()) }
        position = start
        return field().map { ($0, ()) }
    }

    mutating func text() -> String? {
        field().flatMap { String(validating: $0, as: UTF8.self) }
    }
}
