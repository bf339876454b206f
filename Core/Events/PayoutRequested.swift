public import Payments

/// A merchant's settlement is to be paid to its card.
public struct PayoutRequested: Event, Codable, Equatable {
    /// `payouts.requested`
    public static let topic = "payouts.requested"
    /// Who, what, when.
    public let envelope: Envelope
    /// The payout's number; the bank's idempotency key.
    public let payoutNo: String
    /// What it pays.
    public let settlementID: String
    /// To whom.
    public let merchantNo: String
    /// For which day.
    public let date: BusinessDay
    /// How much.
    public let amountFen: Money

    /// The partition key: payout_no.
    public var key: String { payoutNo }

    /// An event by its members.
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

    /// Reads the event; the envelope's members stand beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        payoutNo = try members.decode(String.self, forKey: .payoutNo)
        settlementID = try members.decode(String.self, forKey: .settlementID)
        merchantNo = try members.decode(String.self, forKey: .merchantNo)
        date = try members.decode(BusinessDay.self, forKey: .date)
        amountFen = try members.decode(Money.self, forKey: .amountFen)
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(payoutNo, forKey: .payoutNo)
        try members.encode(settlementID, forKey: .settlementID)
        try members.encode(merchantNo, forKey: .merchantNo)
        try members.encode(date, forKey: .date)
        try members.encode(amountFen, forKey: .amountFen)
    }
}
