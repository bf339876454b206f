public import Payments

/// The platform took an order on, or repeats its answer to one that it had taken on.
public struct OrderAccepted: Event, Equatable {
    /// `orders.accepted`
    public static let topic = "orders.accepted"
    /// Who, what, when.
    public let envelope: Envelope
    /// The platform's number of the order.
    public let orderNo: String
    /// Who sells.
    public let merchantNo: String
    /// The merchant's number.
    public let merchantOrderNo: String
    /// How it is paid.
    public let product: Product
    /// What is paid.
    public let amountFen: Money
    /// The order's state now.
    public let status: OrderStatus
    /// Where the payer pays (PC, WAP).
    public let payURL: String?
    /// What the merchant's app hands to the channel's SDK (APP).
    public let payParams: String?
    /// When it was taken on.
    public let acceptedAt: EventTime
    /// Until when it can be paid.
    public let expiresAt: EventTime
    /// The `event_id` of the submission this answers.
    public let submissionID: EventID
    /// Whether an earlier submission had made the order.
    public let repeated: Bool

    /// The partition key: order_no.
    public var key: String { orderNo }

    /// An event by its members.
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

    /// Its JSON, members in the order of their names.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 640 + (payURL ?? payParams ?? "").utf8.count)
        writer.member("accepted_at", acceptedAt.timestamp.rfc3339)
        writer.member("amount_fen", amountFen.fen)
        writer.member("event_id", envelope.eventID.description)
        writer.member("event_type", envelope.eventType)
        writer.member("expires_at", expiresAt.timestamp.rfc3339)
        writer.member("merchant_no", merchantNo)
        writer.member("merchant_order_no", merchantOrderNo)
        writer.member("occurred_at", envelope.occurredAt.rfc3339)
        writer.member("order_no", orderNo)
        writer.member("pay_params", payParams)
        writer.member("pay_url", payURL)
        writer.member("product", product.rawValue)
        writer.member("repeated", repeated)
        writer.member("schema_version", Int64(envelope.schemaVersion))
        writer.member("status", status.rawValue)
        writer.member("submission_id", submissionID.description)
        return writer.object()
    }
}

extension OrderAccepted: JSONReadable {
    /// Reads the event; the envelope's members stand beside its own.
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
