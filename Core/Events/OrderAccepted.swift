public import Payments

/// The platform accepted an order, or repeats its answer to one that it had accepted.
public struct OrderAccepted: SingleTypeEvent, Equatable {
    /// `orders.accepted`
    public static let topic = "orders.accepted"
    /// `order.accepted`
    public static let eventType = "order.accepted"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The platform's number of the order.
    public let orderNo: String
    /// The merchant's party number.
    public let merchantNo: String
    /// The merchant's own order number.
    public let merchantOrderNo: String
    /// The payment product.
    public let product: Product
    /// The order's amount.
    public let amountFen: Money
    /// The order's status when the event was made.
    public let status: OrderStatus
    /// Where the payer pays (PC, WAP); `nil` where a gateway builds it.
    public let payURL: String?
    /// The parameters for the channel's SDK (APP); `nil` where a gateway builds them.
    public let payParams: String?
    /// When it was accepted.
    public let acceptedAt: EventTime
    /// Until when it can be paid.
    public let expiresAt: EventTime
    /// The `event_id` of the submission this answers.
    public let submissionID: EventID
    /// Whether an earlier submission had made the order.
    public let repeated: Bool

    /// The partition key: order_no.
    public var key: String { orderNo }

    /// An event of these fields.
    public init(
        envelope: Envelope,
        orderNo: String,
        merchantNo: String,
        merchantOrderNo: String,
        product: Product,
        amountFen: Money,
        status: OrderStatus,
        payURL: String? = nil,
        payParams: String? = nil,
        acceptedAt: EventTime,
        expiresAt: EventTime,
        submissionID: EventID,
        repeated: Bool
    ) {
        self.envelope = envelope
        self.orderNo = orderNo
        self.merchantNo = merchantNo
        self.merchantOrderNo = merchantOrderNo
        self.product = product
        self.amountFen = amountFen
        self.status = status
        self.payURL = payURL
        self.payParams = payParams
        self.acceptedAt = acceptedAt
        self.expiresAt = expiresAt
        self.submissionID = submissionID
        self.repeated = repeated
    }

    /// The event as JSON, fields in the order of their names.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 640 + (payURL ?? payParams ?? "").utf8.count)
        writer.field("accepted_at", acceptedAt.timestamp.rfc3339)
        writer.field("amount_fen", amountFen.fen)
        writer.field("event_id", envelope.eventID.description)
        writer.field("event_type", envelope.eventType)
        writer.field("expires_at", expiresAt.timestamp.rfc3339)
        writer.field("merchant_no", merchantNo)
        writer.field("merchant_order_no", merchantOrderNo)
        writer.field("occurred_at", envelope.occurredAt.rfc3339)
        writer.field("order_no", orderNo)
        writer.field("pay_params", payParams)
        writer.field("pay_url", payURL)
        writer.field("product", product.rawValue)
        writer.field("repeated", repeated)
        writer.field("schema_version", Int64(envelope.schemaVersion))
        writer.field("status", status.rawValue)
        writer.field("submission_id", submissionID.description)
        return writer.object()
    }
}

extension OrderAccepted: JSONReadable {
    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(reading cursor: inout JSONCursor) throws {
        let event = try EventFields(reading: &cursor)
        self.init(
            envelope: try event.envelope(), orderNo: try event.text("order_no"),
            merchantNo: try event.text("merchant_no"),
            merchantOrderNo: try event.text("merchant_order_no"),
            product: try event.one("product"),
            amountFen: Money(fen: try event.integer("amount_fen")),
            status: try event.one("status"), payURL: try event.textOrNone("pay_url"),
            payParams: try event.textOrNone("pay_params"),
            acceptedAt: try event.time("accepted_at"), expiresAt: try event.time("expires_at"),
            submissionID: try event.eventID("submission_id"),
            repeated: try event.flag("repeated"))
    }
}
