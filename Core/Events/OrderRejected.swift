import Payments

/// The platform refused an order.
public struct OrderRejected: SingleTypeEvent, Equatable {
    /// `orders.rejected`
    public static let topic = "orders.rejected"
    /// `order.rejected`
    public static let eventType = "order.rejected"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The submission's order number.
    public let orderNo: String
    /// The merchant's party number, as submitted.
    public let merchantNo: String
    /// The merchant's own order number.
    public let merchantOrderNo: String
    /// The reason as a stable code, for example `bad_signature`.
    public let code: String
    /// The reason and the remedy, for the merchant's engineer.
    public let detail: String
    /// The gateway's HTTP status.
    public let httpStatus: Int
    /// The `event_id` of the submission this answers.
    public let submissionID: EventID

    /// The partition key: order_no.
    public var key: String { orderNo }

    /// An event of these fields.
    public init(
        envelope: Envelope,
        orderNo: String,
        merchantNo: String,
        merchantOrderNo: String,
        code: String,
        detail: String,
        httpStatus: Int,
        submissionID: EventID
    ) {
        self.envelope = envelope
        self.orderNo = orderNo
        self.merchantNo = merchantNo
        self.merchantOrderNo = merchantOrderNo
        self.code = code
        self.detail = detail
        self.httpStatus = httpStatus
        self.submissionID = submissionID
    }

    /// The event as JSON, fields in the order of their names.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 640)
        writer.field("code", code)
        writer.field("detail", detail)
        writer.field("event_id", envelope.eventID.description)
        writer.field("event_type", envelope.eventType)
        writer.field("http_status", Int64(httpStatus))
        writer.field("merchant_no", merchantNo)
        writer.field("merchant_order_no", merchantOrderNo)
        writer.field("occurred_at", envelope.occurredAt.rfc3339)
        writer.field("order_no", orderNo)
        writer.field("schema_version", Int64(envelope.schemaVersion))
        writer.field("submission_id", submissionID.description)
        return writer.object()
    }
}

extension OrderRejected: JSONReadable {
    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(reading cursor: inout JSONCursor) throws {
        let event = try EventFields(reading: &cursor)
        self.init(
            envelope: try event.envelope(), orderNo: try event.text("order_no"),
            merchantNo: try event.text("merchant_no"),
            merchantOrderNo: try event.text("merchant_order_no"), code: try event.text("code"),
            detail: try event.text("detail"), httpStatus: Int(try event.integer("http_status")),
            submissionID: try event.eventID("submission_id"))
    }
}
