import Payments

/// A merchant asks for an order: the request as it came, with the number given to it.
public struct OrderSubmitted: Event, Equatable {
    /// `orders.submitted`
    public static let topic = "orders.submitted"
    /// Who, what, when.
    public let envelope: Envelope
    /// The platform's number of the order; the channel's `out_trade_no`.
    public let orderNo: String
    /// When the gateway, or the merchant's own system, took it.
    public let receivedAt: EventTime
    /// Where it came from.
    public let remoteIP: String?
    /// The request's body.
    public let order: OrderRequest

    /// The header that says who answers the merchant: ``byGateway``, where a gateway does, which
    /// builds the pay URL itself. Without it `orders.accepted` carries the pay URL.
    public static let answeredByHeader = "answered-by"
    /// A value of ``answeredByHeader``.
    public static let byGateway = "gateway"

    /// The partition key: merchant_no.
    public var key: String { order.merchantNo }

    /// An event by its members.
    public init(
        envelope: Envelope,
        orderNo: String,
        receivedAt: EventTime,
        remoteIP: String? = nil,
        order: OrderRequest
    ) {
        self.envelope = envelope
        self.orderNo = orderNo
        self.receivedAt = receivedAt
        self.remoteIP = remoteIP
        self.order = order
    }

    enum CodingKeys: String, CodingKey {
        case orderNo = "order_no"
        case receivedAt = "received_at"
        case remoteIP = "remote_ip"
        case order
    }

    /// Reads the event; the envelope's members stand beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        orderNo = try members.decode(String.self, forKey: .orderNo)
        receivedAt = try members.decode(EventTime.self, forKey: .receivedAt)
        remoteIP = try members.decodeIfPresent(String.self, forKey: .remoteIP)
        order = try members.decode(OrderRequest.self, forKey: .order)
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(orderNo, forKey: .orderNo)
        try members.encode(receivedAt, forKey: .receivedAt)
        try members.encodeIfPresent(remoteIP, forKey: .remoteIP)
        try members.encode(order, forKey: .order)
    }
}
