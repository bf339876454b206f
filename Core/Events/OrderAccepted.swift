import Payments

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

    enum CodingKeys: String, CodingKey {
        case orderNo = "order_no"
        case merchantNo = "merchant_no"
        case merchantOrderNo = "merchant_order_no"
        case product
        case amountFen = "amount_fen"
        case status
        case payURL = "pay_url"
        case payParams = "pay_params"
        case acceptedAt = "accepted_at"
        case expiresAt = "expires_at"
        case submissionID = "submission_id"
        case repeated
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
        status = try members.decode(OrderStatus.self, forKey: .status)
        payURL = try members.decodeIfPresent(String.self, forKey: .payURL)
        payParams = try members.decodeIfPresent(String.self, forKey: .payParams)
        acceptedAt = try members.decode(EventTime.self, forKey: .acceptedAt)
        expiresAt = try members.decode(EventTime.self, forKey: .expiresAt)
        submissionID = try members.decode(EventID.self, forKey: .submissionID)
        repeated = try members.decode(Bool.self, forKey: .repeated)
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
        try members.encode(status, forKey: .status)
        try members.encodeIfPresent(payURL, forKey: .payURL)
        try members.encodeIfPresent(payParams, forKey: .payParams)
        try members.encode(acceptedAt, forKey: .acceptedAt)
        try members.encode(expiresAt, forKey: .expiresAt)
        try members.encode(submissionID, forKey: .submissionID)
        try members.encode(repeated, forKey: .repeated)
    }
}
