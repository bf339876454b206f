import Payments

/// A merchant submitted an order: its request as received, and the number assigned to it.
public struct OrderSubmitted: SingleTypeEvent, Equatable {
    /// `orders.submitted`
    public static let topic = "orders.submitted"
    /// `order.submitted`
    public static let eventType = "order.submitted"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The platform's number of the order; the channel's `out_trade_no`.
    public let orderNo: String
    /// When the gateway received it, or the merchant's own system published it.
    public let receivedAt: EventTime
    /// The IP address that it came from; `nil` if unknown.
    public let remoteIP: String?
    /// The request's body.
    public let order: OrderRequest

    /// The Kafka header that says who answers the merchant. ``byGateway``: the gateway, which
    /// builds the pay URL itself. Without it `orders.accepted` carries the pay URL.
    public static let answeredByHeader = "answered-by"
    /// A value of ``answeredByHeader``.
    public static let byGateway = "gateway"

    /// The partition key: merchant_no.
    public var key: String { order.merchantNo }

    /// An event of these fields.
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

    /// The event as JSON, fields in the order of their names.
    public func json() -> [UInt8] {
        let body = order.json()
        var writer = JSONWriter(capacity: 384 + body.count)
        writer.field("event_id", envelope.eventID.description)
        writer.field("event_type", envelope.eventType)
        writer.field("occurred_at", envelope.occurredAt.rfc3339)
        writer.field("order", json: body)
        writer.field("order_no", orderNo)
        writer.field("received_at", receivedAt.timestamp.rfc3339)
        writer.field("remote_ip", remoteIP)
        writer.field("schema_version", Int64(envelope.schemaVersion))
        return writer.object()
    }
}

extension OrderSubmitted: JSONReadable {
    /// Decodes the event; unknown fields are ignored.
    public init(reading cursor: inout JSONCursor) throws {
        guard try cursor.kind() == .object else {
            throw JSONCursor.mismatch("the record", "must be an object")
        }
        var (eventID, eventType, version) = (EventID?.none, String?.none, Int64?.none)
        var (occurredAt, receivedAt) = (EventTime?.none, EventTime?.none)
        var (orderNo, remoteIP) = (String?.none, String?.none)
        var order: OrderRequest?
        try cursor.object { name, cursor in
            switch name {
            case "event_id": eventID = try cursor.eventID(of: name)
            case "event_type": eventType = try cursor.text(of: name)
            case "schema_version":
                guard try cursor.kind() == .number, let number = try cursor.integer() else {
                    throw JSONCursor.mismatch("\(name)", "must be a whole number")
                }
                version = number
            case "occurred_at": occurredAt = try cursor.time(of: name)
            case "order_no": orderNo = try cursor.text(of: name)
            case "received_at": receivedAt = try cursor.time(of: name)
            case "remote_ip": remoteIP = try cursor.textOrNull(of: name)
            case "order": order = try OrderRequest(reading: &cursor, at: "order.")
            default: try cursor.skip()
            }
        }
        guard let eventID else { throw JSONCursor.missing("event_id") }
        guard let eventType else { throw JSONCursor.missing("event_type") }
        guard let version else { throw JSONCursor.missing("schema_version") }
        guard version == 1 else {
            throw JSONCursor.mismatch(
                "schema_version", "schema_version \(version) is not known here; 1 is")
        }
        guard let occurredAt else { throw JSONCursor.missing("occurred_at") }
        guard let orderNo else { throw JSONCursor.missing("order_no") }
        guard let receivedAt else { throw JSONCursor.missing("received_at") }
        guard let order else { throw JSONCursor.missing("order") }
        self.init(
            envelope: Envelope(
                eventID: eventID, eventType: eventType, occurredAt: occurredAt.timestamp),
            orderNo: orderNo, receivedAt: receivedAt, remoteIP: remoteIP, order: order)
    }
}
