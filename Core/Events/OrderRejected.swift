import Payments

/// The platform refused an order, and why.
public struct OrderRejected: Event, Equatable {
    /// `orders.rejected`
    public static let topic = "orders.rejected"
    /// Who, what, when.
    public let envelope: Envelope
    /// The number the submission carried.
    public let orderNo: String
    /// The merchant it names.
    public let merchantNo: String
    /// The merchant's number.
    public let merchantOrderNo: String
    /// Why, as a code, for example `bad_signature`.
    public let code: String
    /// Why, in words for the merchant.
    public let detail: String
    /// What the gateway answers.
    public let httpStatus: Int
    /// The `event_id` of the submission this answers.
    public let submissionID: EventID

    /// The partition key: order_no.
    public var key: String { orderNo }

    /// An event by its members.
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

    /// Its JSON, members in the order of their names.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 640)
        writer.member("code", code)
        writer.member("detail", detail)
        writer.member("event_id", envelope.eventID.description)
        writer.member("event_type", envelope.eventType)
        writer.member("http_status", Int64(httpStatus))
        writer.member("merchant_no", merchantNo)
        writer.member("merchant_order_no", merchantOrderNo)
        writer.member("occurred_at", envelope.occurredAt.rfc3339)
        writer.member("order_no", orderNo)
        writer.member("schema_version", Int64(envelope.schemaVersion))
        writer.member("submission_id", submissionID.description)
        return writer.object()
    }
}

extension OrderRejected: JSONReadable {
    /// Reads the event; the envelope's members stand beside its own.
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
