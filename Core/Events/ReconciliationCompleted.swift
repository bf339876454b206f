public import Payments

/// A statement was reconciled with the orders and refunds: the number of lines of each kind.
public struct ReconciliationCompleted: SingleTypeEvent, Codable, Equatable {
    /// `reconciliations.completed`
    public static let topic = "reconciliations.completed"
    /// `reconciliation.completed`
    public static let eventType = "reconciliation.completed"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The reconciliation's identity.
    public let reconciliationID: String
    /// The channel's name.
    public let channel: String
    /// The statement's day.
    public let date: BusinessDay
    /// The statement's identity.
    public let statementID: String
    /// Lines that agree in amount and fee.
    public let matched: Int
    /// Payments and refunds of the platform that the statement lacks.
    public let platformOnly: Int
    /// Lines that the platform lacks, or has unpaid.
    public let channelOnly: Int
    /// Lines whose amount differs.
    public let amountMismatch: Int
    /// Lines whose refund didn't succeed at the platform.
    public let statusMismatch: Int
    /// Lines whose fee differs.
    public let feeMismatch: Int
    /// Lines that repeat an earlier line, of this statement or another day's.
    public let duplicate: Int

    /// The partition key: channel and date.
    public var key: String { "\(channel):\(date)" }

    /// An event of these fields.
    public init(
        envelope: Envelope,
        reconciliationID: String,
        channel: String,
        date: BusinessDay,
        statementID: String,
        matched: Int,
        platformOnly: Int,
        channelOnly: Int,
        amountMismatch: Int,
        statusMismatch: Int,
        feeMismatch: Int,
        duplicate: Int
    ) {
        self.envelope = envelope
        self.reconciliationID = reconciliationID
        self.channel = channel
        self.date = date
        self.statementID = statementID
        self.matched = matched
        self.platformOnly = platformOnly
        self.channelOnly = channelOnly
        self.amountMismatch = amountMismatch
        self.statusMismatch = statusMismatch
        self.feeMismatch = feeMismatch
        self.duplicate = duplicate
    }

    enum CodingKeys: String, CodingKey {
        case reconciliationID = "reconciliation_id"
        case channel
        case date
        case statementID = "statement_id"
        case matched
        case platformOnly = "platform_only"
        case channelOnly = "channel_only"
        case amountMismatch = "amount_mismatch"
        case statusMismatch = "status_mismatch"
        case feeMismatch = "fee_mismatch"
        case duplicate
    }

    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        reconciliationID = try fields.decode(String.self, forKey: .reconciliationID)
        channel = try fields.decode(String.self, forKey: .channel)
        date = try fields.decode(BusinessDay.self, forKey: .date)
        statementID = try fields.decode(String.self, forKey: .statementID)
        matched = try fields.decode(Int.self, forKey: .matched)
        platformOnly = try fields.decode(Int.self, forKey: .platformOnly)
        channelOnly = try fields.decode(Int.self, forKey: .channelOnly)
        amountMismatch = try fields.decode(Int.self, forKey: .amountMismatch)
        statusMismatch = try fields.decode(Int.self, forKey: .statusMismatch)
        feeMismatch = try fields.decode(Int.self, forKey: .feeMismatch)
        duplicate = try fields.decode(Int.self, forKey: .duplicate)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(reconciliationID, forKey: .reconciliationID)
        try fields.encode(channel, forKey: .channel)
        try fields.encode(date, forKey: .date)
        try fields.encode(statementID, forKey: .statementID)
        try fields.encode(matched, forKey: .matched)
        try fields.encode(platformOnly, forKey: .platformOnly)
        try fields.encode(channelOnly, forKey: .channelOnly)
        try fields.encode(amountMismatch, forKey: .amountMismatch)
        try fields.encode(statusMismatch, forKey: .statusMismatch)
        try fields.encode(feeMismatch, forKey: .feeMismatch)
        try fields.encode(duplicate, forKey: .duplicate)
    }
}
