import Foundation
public import Payments

/// A channel's message about an order, its bytes unchanged: a notification, or the answer to an
/// inquiry.
public struct CallbackReceived: SingleTypeEvent, Codable, Equatable {
    /// `callbacks.received`
    public static let topic = "callbacks.received"
    /// `callback.received`
    public static let eventType = "callback.received"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The channel's name.
    public let channel: String
    /// Whether the channel notified or answered.
    public let origin: Origin
    /// The order number of the envelope, used as key only: what `raw` says is authoritative.
    public let orderNo: String
    /// The refund that the inquiry was about; `nil` for none.
    public let refundNo: String?
    /// The channel's name of the call that `raw` answers; `nil` for a notification.
    public let method: String?
    /// The message's body as received: what the channel's signature is over.
    public let raw: [UInt8]
    /// Some of the request's headers, such as the content type; names in lower case.
    public let headers: [String: String]
    /// When the platform received it.
    public let receivedAt: EventTime

    /// Whether a message is a notification or an answer.
    public enum Origin: String, Codable, Sendable {
        /// The channel's asynchronous notification.
        case notify
        /// The channel's answer to a call of the platform.
        case inquiry
    }

    /// The partition key: order_no.
    public var key: String { orderNo }

    /// An event of these fields.
    public init(
        envelope: Envelope, channel: String, origin: Origin, orderNo: String,
        refundNo: String? = nil, method: String? = nil, raw: [UInt8],
        headers: [String: String] = [:], receivedAt: EventTime
    ) {
        self.envelope = envelope
        self.channel = channel
        self.origin = origin
        self.orderNo = orderNo
        self.refundNo = refundNo
        self.method = method
        self.raw = raw
        self.headers = headers
        self.receivedAt = receivedAt
    }

    /// An event of the channel's answer to an inquiry, its bytes unchanged.
    /// - Parameters:
    ///   - answer: the body as it was received: what the channel's signature is over.
    ///   - method: the channel's name of what was called.
    ///   - refundNo: the refund that the inquiry was about; `nil` for none.
    public init(
        answer: [UInt8], method: String, orderNo: String, refundNo: String? = nil,
        channel: String, at time: Timestamp
    ) {
        self.init(
            envelope: Self.envelope(at: time), channel: channel, origin: .inquiry, orderNo: orderNo,
            refundNo: refundNo,
            method: method, raw: answer, receivedAt: EventTime(time))
    }

    enum CodingKeys: String, CodingKey {
        case channel, origin, method, raw, headers
        case orderNo = "order_no"
        case refundNo = "refund_no"
        case rawBase64 = "raw_base64"
        case receivedAt = "received_at"
    }

    /// Decodes the event; `raw` is text, or `raw_base64` where the bytes aren't UTF-8.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        channel = try fields.decode(String.self, forKey: .channel)
        origin = try fields.decode(Origin.self, forKey: .origin)
        orderNo = try fields.decode(String.self, forKey: .orderNo)
        refundNo = try fields.decodeIfPresent(String.self, forKey: .refundNo)
        method = try fields.decodeIfPresent(String.self, forKey: .method)
        headers = try fields.decodeIfPresent([String: String].self, forKey: .headers) ?? [:]
        receivedAt = try fields.decode(EventTime.self, forKey: .receivedAt)
        if let text = try fields.decodeIfPresent(String.self, forKey: .raw) {
            raw = Array(text.utf8)
        } else {
            raw = Array(try fields.decode(Data.self, forKey: .rawBase64))
        }
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(channel, forKey: .channel)
        try fields.encode(origin, forKey: .origin)
        try fields.encode(orderNo, forKey: .orderNo)
        try fields.encodeIfPresent(refundNo, forKey: .refundNo)
        try fields.encodeIfPresent(method, forKey: .method)
        if let text = String(validating: raw, as: UTF8.self) {
            try fields.encode(text, forKey: .raw)
        } else {
            try fields.encode(Data(raw), forKey: .rawBase64)
        }
        try fields.encode(headers, forKey: .headers)
        try fields.encode(receivedAt, forKey: .receivedAt)
    }
}
