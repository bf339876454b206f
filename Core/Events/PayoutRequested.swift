public import Payments

/// A settlement's net is due to be paid to the merchant's card.
public struct PayoutRequested: SingleTypeEvent, Codable, Equatable {
    /// `payouts.requested`
    public static let topic = "payouts.requested"
    /// `payout.requested`
    public static let eventType = "payout.requested"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The payout's number; the bank's idempotency key.
    public let payoutNo: String
    /// The settlement that it pays.
    public let settlementID: String
    /// The merchant's party number.
    public let merchantNo: String
    /// The day that was settled.
    public let date: BusinessDay
    /// The payout's amount.
    public let amountFen: Money

    /// The partition key: payout_no.
    public var key: String { payoutNo }

    /// An event of these fields.
    public init(
        envelope: Envelope,
        payoutNo: String,
        settlementID: String,
        merchantNo: String,
        date: BusinessDay,
        amountFen: Money
    ) {
        self.envelope = envelope
        self.payoutNo = payoutNo
        self.settlementID = settlementID
        self.merchantNo = merchantNo
        self.date = date
        self.amountFen = amountFen
    }

    enum CodingKeys: String, CodingKey {
        case payoutNo = "payout_no"
        case settlementID = "settlement_id"
        case merchantNo = "merchant_no"
        case date
        case amountFen = "amount_fen"
    }

    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        payoutNo = try fields.decode(String.self, forKey: .payoutNo)
        settlementID = try fields.decode(String.self, forKey: .settlementID)
        merchantNo = try fields.decode(String.self, forKey: .merchantNo)
        date = try fields.decode(BusinessDay.self, forKey: .date)
        amountFen = try fields.decode(Money.self, forKey: .amountFen)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(payoutNo, forKey: .payoutNo)
        try fields.encode(settlementID, forKey: .settlementID)
        try fields.encode(merchantNo, forKey: .merchantNo)
        try fields.encode(date, forKey: .date)
        try fields.encode(amountFen, forKey: .amountFen)
    }
}
