public import Payments

/// All lines of a statement have been published: the counts and totals that they must come to.
public struct StatementClosed: SingleTypeEvent, Codable, Equatable {
    /// `statements.closed`
    public static let topic = "statements.closed"
    /// `statement.closed`
    public static let eventType = "statement.closed"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The statement's identity.
    public let statementID: String
    /// The channel's name.
    public let channel: String
    /// The statement's day.
    public let date: BusinessDay
    /// The account at the channel.
    public let account: String
    /// The number of its lines.
    public let lineCount: Int
    /// The number of payment lines.
    public let tradeCount: Int
    /// The sum of the payments.
    public let tradeTotalFen: Money
    /// The number of refund lines.
    public let refundCount: Int
    /// The sum of the refunds, not negative.
    public let refundTotalFen: Money
    /// The number of `statements.lines` events that carry the lines.
    public let linesEvents: Int

    /// The partition key: statement_id.
    public var key: String { statementID }

    /// An event of these fields.
    public init(
        envelope: Envelope,
        statementID: String,
        channel: String,
        date: BusinessDay,
        account: String,
        lineCount: Int,
        tradeCount: Int,
        tradeTotalFen: Money,
        refundCount: Int,
        refundTotalFen: Money,
        linesEvents: Int
    ) {
        self.envelope = envelope
        self.statementID = statementID
        self.channel = channel
        self.date = date
        self.account = account
        self.lineCount = lineCount
        self.tradeCount = tradeCount
        self.tradeTotalFen = tradeTotalFen
        self.refundCount = refundCount
        self.refundTotalFen = refundTotalFen
        self.linesEvents = linesEvents
    }

    enum CodingKeys: String, CodingKey {
        case statementID = "statement_id"
        case channel
        case date
        case account
        case lineCount = "line_count"
        case tradeCount = "trade_count"
        case tradeTotalFen = "trade_total_fen"
        case refundCount = "refund_count"
        case refundTotalFen = "refund_total_fen"
        case linesEvents = "lines_events"
    }

    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        statementID = try fields.decode(String.self, forKey: .statementID)
        channel = try fields.decode(String.self, forKey: .channel)
        date = try fields.decode(BusinessDay.self, forKey: .date)
        account = try fields.decode(String.self, forKey: .account)
        lineCount = try fields.decode(Int.self, forKey: .lineCount)
        tradeCount = try fields.decode(Int.self, forKey: .tradeCount)
        tradeTotalFen = try fields.decode(Money.self, forKey: .tradeTotalFen)
        refundCount = try fields.decode(Int.self, forKey: .refundCount)
        refundTotalFen = try fields.decode(Money.self, forKey: .refundTotalFen)
        linesEvents = try fields.decode(Int.self, forKey: .linesEvents)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(statementID, forKey: .statementID)
        try fields.encode(channel, forKey: .channel)
        try fields.encode(date, forKey: .date)
        try fields.encode(account, forKey: .account)
        try fields.encode(lineCount, forKey: .lineCount)
        try fields.encode(tradeCount, forKey: .tradeCount)
        try fields.encode(tradeTotalFen, forKey: .tradeTotalFen)
        try fields.encode(refundCount, forKey: .refundCount)
        try fields.encode(refundTotalFen, forKey: .refundTotalFen)
        try fields.encode(linesEvents, forKey: .linesEvents)
    }
}
