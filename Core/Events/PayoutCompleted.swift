public import Payments

/// A payout has the bank's final answer.
public struct PayoutCompleted: SingleTypeEvent, Codable, Equatable {
    /// `payouts.completed`
    public static let topic = "payouts.completed"
    /// `payout.completed`
    public static let eventType = "payout.completed"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The payout's number.
    public let payoutNo: String
    /// The bank's answer.
    public let status: PayoutOutcome
    /// The bank's own number of the payout.
    public let bankRef: String?
    /// The payout's amount.
    public let amountFen: Money
    /// Why it failed; `nil` if it succeeded.
    public let reason: String?
    /// When the answer was received.
    public let completedAt: EventTime

    /// The partition key: payout_no.
    public var key: String { payoutNo }

    /// An event of these fields.
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

    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        payoutNo = try fields.decode(String.self, forKey: .payoutNo)
        status = try fields.decode(PayoutOutcome.self, forKey: .status)
        bankRef = try fields.decodeIfPresent(String.self, forKey: .bankRef)
        amountFen = try fields.decode(Money.self, forKey: .amountFen)
        reason = try fields.decodeIfPresent(String.self, forKey: .reason)
        completedAt = try fields.decode(EventTime.self, forKey: .completedAt)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(payoutNo, forKey: .payoutNo)
        try fields.encode(status, forKey: .status)
        try fields.encodeIfPresent(bankRef, forKey: .bankRef)
        try fields.encode(amountFen, forKey: .amountFen)
        try fields.encodeIfPresent(reason, forKey: .reason)
        try fields.encode(completedAt, forKey: .completedAt)
    }
}
