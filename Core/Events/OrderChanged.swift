public import Payments

/// An order changed: the payer opened the cashier, paid, or the order was closed or refunded.
public struct OrderChanged: Event, Codable, Equatable {
    /// `orders.changed`
    public static let topic = "orders.changed"
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
    /// The sum of its refunds so far.
    public let refundedFen: Money
    /// The status after the change.
    public let status: OrderStatus
    /// The order's version: 1 when accepted, one more with each change.
    public let version: Int
    /// When it was paid; `nil` while it isn't.
    public let paidAt: EventTime?
    /// When it was closed; `nil` if it never was.
    public let closedAt: EventTime?
    /// The channel's trade number, once known.
    public let channelTradeNo: String?
    /// Whether it was paid after it had been closed.
    public let late: Bool
    /// The refund of this change; `nil` for other changes.
    public let refundNo: String?
    /// The merchant's own number of that refund; `nil` if the merchant didn't request it.
    public let merchantRefundNo: String?
    /// That refund's amount.
    public let refundFen: Money?

    /// The topic's event types: a change of an order each.
    public enum EventType: String, Sendable, CaseIterable {
        /// The payer opened the cashier.
        case paying = "order.paying"
        /// The order is paid.
        case paid = "order.paid"
        /// The order ended unpaid.
        case closed = "order.closed"
        /// A refund of the order took effect.
        case refunded = "order.refunded"

        /// The event type of a change.
        public init(_ change: OrderChange) {
            self =
                switch change {
                case .paying: .paying
                case .paid: .paid
                case .closed: .closed
                case .refunded: .refunded
                }
        }
    }

    /// The envelope of a change of an order.
    /// - Parameters:
    ///   - eventID: a new one by default.
    ///   - time: when it happened, in business time.
    public static func envelope(
        _ type: EventType, _ eventID: EventID? = nil, at time: Timestamp
    ) -> Envelope {
        Envelope(
            eventID: eventID ?? .make(at: time), eventType: type.rawValue, occurredAt: time)
    }

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
        refundedFen: Money,
        status: OrderStatus,
        version: Int,
        paidAt: EventTime? = nil,
        closedAt: EventTime? = nil,
        channelTradeNo: String? = nil,
        late: Bool,
        refundNo: String? = nil,
        merchantRefundNo: String? = nil,
        refundFen: Money? = nil
    ) {
        self.envelope = envelope
        self.orderNo = orderNo
        self.merchantNo = merchantNo
        self.merchantOrderNo = merchantOrderNo
        self.product = product
        self.amountFen = amountFen
        self.refundedFen = refundedFen
        self.status = status
        self.version = version
        self.paidAt = paidAt
        self.closedAt = closedAt
        self.channelTradeNo = channelTradeNo
        self.late = late
        self.refundNo = refundNo
        self.merchantRefundNo = merchantRefundNo
        self.refundFen = refundFen
    }

    enum CodingKeys: String, CodingKey {
        case orderNo = "order_no"
        case merchantNo = "merchant_no"
        case merchantOrderNo = "merchant_order_no"
        case product
        case amountFen = "amount_fen"
        case refundedFen = "refunded_fen"
        case status
        case version
        case paidAt = "paid_at"
        case closedAt = "closed_at"
        case channelTradeNo = "channel_trade_no"
        case late
        case refundNo = "refund_no"
        case merchantRefundNo = "merchant_refund_no"
        case refundFen = "refund_fen"
    }

    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        orderNo = try fields.decode(String.self, forKey: .orderNo)
        merchantNo = try fields.decode(String.self, forKey: .merchantNo)
        merchantOrderNo = try fields.decode(String.self, forKey: .merchantOrderNo)
        product = try fields.decode(Product.self, forKey: .product)
        amountFen = try fields.decode(Money.self, forKey: .amountFen)
        refundedFen = try fields.decode(Money.self, forKey: .refundedFen)
        status = try fields.decode(OrderStatus.self, forKey: .status)
        version = try fields.decode(Int.self, forKey: .version)
        paidAt = try fields.decodeIfPresent(EventTime.self, forKey: .paidAt)
        closedAt = try fields.decodeIfPresent(EventTime.self, forKey: .closedAt)
        channelTradeNo = try fields.decodeIfPresent(String.self, forKey: .channelTradeNo)
        late = try fields.decode(Bool.self, forKey: .late)
        refundNo = try fields.decodeIfPresent(String.self, forKey: .refundNo)
        merchantRefundNo = try fields.decodeIfPresent(String.self, forKey: .merchantRefundNo)
        refundFen = try fields.decodeIfPresent(Money.self, forKey: .refundFen)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(orderNo, forKey: .orderNo)
        try fields.encode(merchantNo, forKey: .merchantNo)
        try fields.encode(merchantOrderNo, forKey: .merchantOrderNo)
        try fields.encode(product, forKey: .product)
        try fields.encode(amountFen, forKey: .amountFen)
        try fields.encode(refundedFen, forKey: .refundedFen)
        try fields.encode(status, forKey: .status)
        try fields.encode(version, forKey: .version)
        try fields.encodeIfPresent(paidAt, forKey: .paidAt)
        try fields.encodeIfPresent(closedAt, forKey: .closedAt)
        try fields.encodeIfPresent(channelTradeNo, forKey: .channelTradeNo)
        try fields.encode(late, forKey: .late)
        try fields.encodeIfPresent(refundNo, forKey: .refundNo)
        try fields.encodeIfPresent(merchantRefundNo, forKey: .merchantRefundNo)
        try fields.encodeIfPresent(refundFen, forKey: .refundFen)
    }
}
