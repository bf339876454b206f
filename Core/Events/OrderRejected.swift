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

    enum CodingKeys: String, CodingKey {
        case orderNo = "order_no"
        case merchantNo = "merchant_no"
        case merchantOrderNo = "merchant_order_no"
        case code
        case detail
        case httpStatus = "http_status"
        case submissionID = "submission_id"
    }

    /// Reads the event; the envelope's members stand beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        orderNo = try members.decode(String.self, forKey: .orderNo)
        merchantNo = try members.decode(String.self, forKey: .merchantNo)
        merchantOrderNo = try members.decode(String.self, forKey: .merchantOrderNo)
        code = try members.decode(String.self, forKey: .code)
        detail = try members.decode(String.self, forKey: .detail)
        httpStatus = try members.decode(Int.self, forKey: .httpStatus)
        submissionID = try members.decode(EventID.self, forKey: .submissionID)
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(orderNo, forKey: .orderNo)
        try members.encode(merchantNo, forKey: .merchantNo)
        try members.encode(merchantOrderNo, forKey: .merchantOrderNo)
        try members.encode(code, forKey: .code)
        try members.encode(detail, forKey: .detail)
        try members.encode(httpStatus, forKey: .httpStatus)
        try members.encode(submissionID, forKey: .submissionID)
    }
}
