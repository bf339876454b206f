public import Payments

/// A statement was compared with the orders; how many lines of each kind.
public struct ReconciliationCompleted: Event, Codable, Equatable {
    /// `reconciliations.completed`
    public static let topic = "reconciliations.completed"
    /// Who, what, when.
    public let envelope: Envelope
    /// Which comparison.
    public let reconciliationID: String
    /// Whose statement.
    public let channel: String
    /// Of which day.
    public let date: BusinessDay
    /// Which statement.
    public let statementID: String
    /// Lines that agree.
    public let matched: Int
    /// Orders that the statement lacks.
    public let platformOnly: Int
    /// Lines that the platform lacks.
    public let channelOnly: Int
    /// Lines whose amount differs.
    public let amountMismatch: Int
    /// Lines whose state differs.
    public let statusMismatch: Int
    /// Lines whose fee differs.
    public let feeMismatch: Int
    /// Lines that stand twice.
    public let duplicate: Int

    /// The partition key: channel and date.
    public var key: String { "\(channel):\(date)" }

    /// An event by its members.
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

    /// Reads the event; the envelope's members stand beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        reconciliationID = try members.decode(String.self, forKey: .reconciliationID)
        channel = try members.decode(String.self, forKey: .channel)
        date = try members.decode(BusinessDay.self, forKey: .date)
        statementID = try members.decode(String.self, forKey: .statementID)
        matched = try members.decode(Int.self, forKey: .matched)
        platformOnly = try members.decode(Int.self, forKey: .platformOnly)
        channelOnly = try members.decode(Int.self, forKey: .channelOnly)
        amountMismatch = try members.decode(Int.self, forKey: .amountMismatch)
        statusMismatch = try members.decode(Int.self, forKey: .statusMismatch)
        feeMismatch = try members.decode(Int.self, forKey: .feeMismatch)
        duplicate = try members.decode(Int.self, forKey: .duplicate)
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(reconciliationID, forKey: .reconciliationID)
        try members.encode(channel, forKey: .channel)
        try members.encode(date, forKey: .date)
        try members.encode(statementID, forKey: .statementID)
        try members.encode(matched, forKey: .matched)
        try members.encode(platformOnly, forKey: .platformOnly)
        try members.encode(channelOnly, forKey: .channelOnly)
        try members.encode(amountMismatch, forKey: .amountMismatch)
        try members.encode(statusMismatch, forKey: .statusMismatch)
        try members.encode(feeMismatch, forKey: .feeMismatch)
        try members.encode(duplicate, forKey: .duplicate)
    }
}
