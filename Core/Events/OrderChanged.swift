public import Payments

/// An order moved: it is being paid, was paid, closed or refunded.
public struct OrderChanged: Event, Codable, Equatable {
    /// `orders.changed`
    public static let topic = "orders.changed"
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
    /// What was to be paid.
    public let amountFen: Money
    /// What has been given back so far.
    public let refundedFen: Money
    /// The state after the change.
    public let status: OrderStatus
    /// Counts the changes of this order from 1 (accepted).
    public let version: Int
    /// When it was paid.
    public let paidAt: EventTime?
    /// When it was closed.
    public let closedAt: EventTime?
    /// The channel's number.
    public let channelTradeNo: String?
    /// Whether it was paid after it had been closed here.
    public let late: Bool
    /// The refund that moved it.
    public let refundNo: String?
    /// The merchant's number of that refund.
    public let merchantRefundNo: String?
    /// What that refund gave back.
    public let refundFen: Money?

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

    /// Reads the event; the envelope's members stand beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        orderNo = try members.decode(String.self, forKey: .orderNo)
        merchantNo = try members.decode(String.self, forKey: .merchantNo)
        merchantOrderNo = try members.decode(String.self, forKey: .merchantOrderNo)
        product = try members.decode(Product.self, forKey: .product)
        amountFen = try members.decode(Money.self, forKey: .amountFen)
        refundedFen = try members.decode(Money.self, forKey: .refundedFen)
        status = try members.decode(OrderStatus.self, forKey: .status)
        version = try members.decode(Int.self, forKey: .version)
        paidAt = try members.decodeIfPresent(EventTime.self, forKey: .paidAt)
        closedAt = try members.decodeIfPresent(EventTime.self, forKey: .closedAt)
        channelTradeNo = try members.decodeIfPresent(String.self, forKey: .channelTradeNo)
        late = try members.decode(Bool.self, forKey: .late)
        refundNo = try members.decodeIfPresent(String.self, forKey: .refundNo)
        merchantRefundNo = try members.decodeIfPresent(String.self, forKey: .merchantRefundNo)
        refundFen = try members.decodeIfPresent(Money.self, forKey: .refundFen)
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(orderNo, forKey: .orderNo)
        try members.encode(merchantNo, forKey: .merchantNo)
        try members.encode(merchantOrderNo, forKey: .merchantOrderNo)
        try members.encode(product, forKey: .product)
        try members.encode(amountFen, forKey: .amountFen)
        try members.encode(refundedFen, forKey: .refundedFen)
        try members.encode(status, forKey: .status)
        try members.encode(version, forKey: .version)
        try members.encodeIfPresent(paidAt, forKey: .paidAt)
        try members.encodeIfPresent(closedAt, forKey: .closedAt)
        try members.encodeIfPresent(channelTradeNo, forKey: .channelTradeNo)
        try members.encode(late, forKey: .late)
        try members.encodeIfPresent(refundNo, forKey: .refundNo)
        try members.encodeIfPresent(merchantRefundNo, forKey: .merchantRefundNo)
        try members.encodeIfPresent(refundFen, forKey: .refundFen)
    }
}
