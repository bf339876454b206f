public import Payments

/// An agent, or the platform, applied for a merchant.
public struct MerchantApplied: SingleTypeEvent, Codable, Equatable {
    /// `merchants.applied`
    public static let topic = "merchants.applied"
    /// `merchant.applied`
    public static let eventType = "merchant.applied"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The application's number.
    public let applicationNo: String
    /// The party that the merchant will be below.
    public let agentNo: String
    /// `applied`
    public let status: String
    /// The rates agreed, a product each.
    public let rates: [AgreedRate]
    /// When it was entered.
    public let appliedAt: EventTime

    /// The partition key: application_no.
    public var key: String { applicationNo }

    enum CodingKeys: String, CodingKey {
        case applicationNo = "application_no"
        case agentNo = "agent_no"
        case status
        case rates
        case appliedAt = "applied_at"
    }

    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        applicationNo = try fields.decode(String.self, forKey: .applicationNo)
        agentNo = try fields.decode(String.self, forKey: .agentNo)
        status = try fields.decode(String.self, forKey: .status)
        rates = try fields.decode([AgreedRate].self, forKey: .rates)
        appliedAt = try fields.decode(EventTime.self, forKey: .appliedAt)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(applicationNo, forKey: .applicationNo)
        try fields.encode(agentNo, forKey: .agentNo)
        try fields.encode(status, forKey: .status)
        try fields.encode(rates, forKey: .rates)
        try fields.encode(appliedAt, forKey: .appliedAt)
    }

    private init(
        envelope: Envelope, applicationNo: String, agentNo: String, status: String,
        rates: [AgreedRate], appliedAt: EventTime
    ) {
        self.envelope = envelope
        self.applicationNo = applicationNo
        self.agentNo = agentNo
        self.status = status
        self.rates = rates
        self.appliedAt = appliedAt
    }

    /// The event of an application that was entered at `time`.
    public static func make(
        _ applicationNo: String, agentNo: String, rates: [Product: Rate], at time: Timestamp
    ) -> MerchantApplied {
        MerchantApplied(
            envelope: envelope(at: time), applicationNo: applicationNo, agentNo: agentNo,
            status: "applied",
            rates: Product.allCases.compactMap { product in
                rates[product].map { AgreedRate(product: product, rate: $0) }
            }, appliedAt: EventTime(time))
    }

    /// A product's rate.
    public struct AgreedRate: Sendable, Codable, Equatable {
        /// The product.
        public let product: Product
        /// What the party above charges for it.
        public let rate: Rate

        enum CodingKeys: String, CodingKey {
            case product
            case rate = "rate_ppm"
        }
    }
}
