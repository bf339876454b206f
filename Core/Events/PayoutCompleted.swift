public import Payments

/// The bank gave its final answer on a payout.
public struct PayoutCompleted: Event, Codable, Equatable {
    /// `payouts.completed`
    public static let topic = "payouts.completed"
    /// Who, what, when.
    public let envelope: Envelope
    /// The payout's number.
    public let payoutNo: String
    /// Whether the money moved.
    public let status: PayoutOutcome
    /// The bank's number of it.
    public let bankRef: String?
    /// How much.
    public let amountFen: Money
    /// Why it failed.
    public let reason: String?
    /// When the bank said so.
    public let completedAt: EventTime

    /// The partition key: payout_no.
    public var key: String { payoutNo }

    /// An event by its members.
    public init(
        envelope: Envelope,
        payoutNo: String,
        status: PayoutOutcome,
        bankRef: String? = nil,
        amountFen: Money,
        reason: String? = nil,
        completedAt: EventTime
    ) {
        self.envelope = envelope
        self.payoutNo = payoutNo
        self.status = status
        self.bankRef = bankRef
        self.amountFen = amountFen
        self.reason = reason
        self.completedAt = completedAt
    }

    enum CodingKeys: String, CodingKey {
        case payoutNo = "payout_no"
        case status
        case bankRef = "bank_ref"
        case amountFen = "amount_fen"
        case reason
        case completedAt = "completed_at"
    }

    /// Reads the event; the envelope's members stand beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        payoutNo = try members.decode(String.self, forKey: .payoutNo)
        status = try members.decode(PayoutOutcome.self, forKey: .status)
        bankRef = try members.decodeIfPresent(String.self, forKey: .bankRef)
        amountFen = try members.decode(Money.self, forKey: .amountFen)
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
        completedAt = try members.decode(EventTime.self, forKey: .completedAt)
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(payoutNo, forKey: .payoutNo)
        try members.encode(status, forKey: .status)
        try members.encodeIfPresent(bankRef, forKey: .bankRef)
        try members.encode(amountFen, forKey: .amountFen)
        try members.encodeIfPresent(reason, forKey: .reason)
        try members.encode(completedAt, forKey: .completedAt)
    }
}
