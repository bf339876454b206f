public import Payments

/// A statement has been published whole; what it must add up to.
public struct StatementClosed: Event, Codable, Equatable {
    /// `statements.closed`
    public static let topic = "statements.closed"
    /// Who, what, when.
    public let envelope: Envelope
    /// Which statement.
    public let statementID: String
    /// Whose, for example `alipay`.
    public let channel: String
    /// Of which day.
    public let date: BusinessDay
    /// Of which account at the channel.
    public let account: String
    /// How many lines it has.
    public let lineCount: Int
    /// How many of them are trades.
    public let tradeCount: Int
    /// What the trades add up to.
    public let tradeTotalFen: Money
    /// How many are refunds.
    public let refundCount: Int
    /// What the refunds add up to.
    public let refundTotalFen: Money
    /// How many `statements.lines` events carry the lines.
    public let linesEvents: Int

    /// The partition key: statement_id.
    public var key: String { statementID }

    /// An event by its members.
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

    /// Reads the event; the envelope's members stand beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        statementID = try members.decode(String.self, forKey: .statementID)
        channel = try members.decode(String.self, forKey: .channel)
        date = try members.decode(BusinessDay.self, forKey: .date)
        account = try members.decode(String.self, forKey: .account)
        lineCount = try members.decode(Int.self, forKey: .lineCount)
        tradeCount = try members.decode(Int.self, forKey: .tradeCount)
        tradeTotalFen = try members.decode(Money.self, forKey: .tradeTotalFen)
        refundCount = try members.decode(Int.self, forKey: .refundCount)
        refundTotalFen = try members.decode(Money.self, forKey: .refundTotalFen)
        linesEvents = try members.decode(Int.self, forKey: .linesEvents)
    }

    /// Writes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(statementID, forKey: .statementID)
        try members.encode(channel, forKey: .channel)
        try members.encode(date, forKey: .date)
        try members.encode(account, forKey: .account)
        try members.encode(lineCount, forKey: .lineCount)
        try members.encode(tradeCount, forKey: .tradeCount)
        try members.encode(tradeTotalFen, forKey: .tradeTotalFen)
        try members.encode(refundCount, forKey: .refundCount)
        try members.encode(refundTotalFen, forKey: .refundTotalFen)
        try members.encode(linesEvents, forKey: .linesEvents)
    }
}
