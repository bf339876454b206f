import Foundation
public import Payments

/// The channel said something of an order: by itself, or asked by us. Its bytes as they came.
public struct CallbackReceived: Event, Codable, Equatable {
    /// `callbacks.received`
    public static let topic = "callbacks.received"
    /// Who, what, when.
    public let envelope: Envelope
    /// The channel, for example `alipay`.
    public let channel: String
    /// Whether the channel spoke first.
    public let origin: Origin
    /// The order it is said to be about; the message itself is what counts.
    public let orderNo: String
    /// The refund that was asked about.
    public let refundNo: String?
    /// What was asked (inquiry), for example `alipay.trade.query`.
    public let method: String?
    /// The message's body, byte by byte.
    public let raw: [UInt8]
    /// Headers worth keeping, such as the content type.
    public let headers: [String: String]
    /// When we took it.
    public let receivedAt: EventTime

    /// Who spoke first.
    public enum Origin: String, Codable, Sendable {
        /// The channel's asynchronous notification.
        case notify
        /// The channel's answer to a question of ours.
        case inquiry
    }

    /// The partition key: order_no.
    public var key: String { orderNo }

    /// An event by its members.
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

    /// The channel's answer to an inquiry, its bytes unchanged.
    /// - Parameters:
    ///   - answer: the body as it was received: what the channel's signature is over.
    ///   - method: the channel's name of what was called.
    ///   - refundNo: the refund that the inquiry was about, if it was about one.
    public init(
        answer: [UInt8], method: String, orderNo: String, refundNo: String? = nil,
        channel: String, at time: Timestamp
    ) {
        self.init(
            envelope: Envelope(
                eventID: .make(at: time), eventType: "callback.received", occurredAt: time),
            channel: channel, origin: .inquiry, orderNo: orderNo, refundNo: refundNo,
            method: method, raw: answer, receivedAt: EventTime(time))
    }

    enum CodingKeys: String, CodingKey {
        case channel, origin, method, raw, headers
        case orderNo = "order_no"
        case refundNo = "refund_no"
        case rawBase64 = "raw_base64"
        case receivedAt = "received_at"
    }

    /// Reads the event; `raw` is text, or `raw_base64` where the bytes aren't UTF-8.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        channel = try members.decode(String.self, forKey: .channel)
        origin = try members.decode(Origin.self, forKey: .origin)
        orderNo = try members.decode(String.self, forKey: .orderNo)
        refundNo = try members.decodeIfPresent(String.self, forKey: .refundNo)
        method = try members.decodeIfPresent(String.self, forKey: .method)
        headers = try members.decodeIfPresent([String: String].self, forKey: .headers) ?? [:]
        receivedAt = try members.decode(EventTime.self, forKey: .receivedAt)
        if let text = try members.decodeIfPresent(String.self, forKey: .raw) {
            raw = Array(text.utf8)
        } else {
            raw = Array(try members.decode(Data.self, forKey: .rawBase64))
        }
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(channel, forKey: .channel)
        try members.encode(origin, forKey: .origin)
        try members.encode(orderNo, forKey: .orderNo)
        try members.encodeIfPresent(refundNo, forKey: .refundNo)
        try members.encodeIfPresent(method, forKey: .method)
        if let text = String(validating: raw, as: UTF8.self) {
            try members.encode(text, forKey: .raw)
        } else {
            try members.encode(Data(raw), forKey: .rawBase64)
        }
        try members.encode(headers, forKey: .headers)
        try members.encode(receivedAt, forKey: .receivedAt)
    }
}
