public import Payments

/// Consecutive lines of a channel's statement.
public struct StatementLines: SingleTypeEvent, Codable, Equatable {
    /// `statements.lines`
    public static let topic = "statements.lines"
    /// `statement.lines`
    public static let eventType = "statement.lines"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The statement's identity.
    public let statementID: String
    /// `lineNo` of the first line.
    public let firstLineNo: Int
    /// The lines, in the order of the file.
    public let lines: [StatementLine]

    /// The partition key: statement_id.
    public var key: String { statementID }

    /// An event of these fields.
    public init(
        envelope: Envelope, statementID: String, firstLineNo: Int, lines: [StatementLine]
    ) {
        self.envelope = envelope
        self.statementID = statementID
        self.firstLineNo = firstLineNo
        self.lines = lines
    }

    enum CodingKeys: String, CodingKey {
        case statementID = "statement_id"
        case firstLineNo = "first_line_no"
        case lines
    }

    /// Decodes the event.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        statementID = try fields.decode(String.self, forKey: .statementID)
        firstLineNo = try fields.decode(Int.self, forKey: .firstLineNo)
        lines = try fields.decode([LineJSON].self, forKey: .lines).map(\.line)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(statementID, forKey: .statementID)
        try fields.encode(firstLineNo, forKey: .firstLineNo)
        try fields.encode(lines.map(LineJSON.init), forKey: .lines)
    }
}

/// A line's JSON object.
private struct LineJSON: Codable {
    let lineNo: Int
    let kind: StatementLine.Kind
    let channelTradeNo: String
    let orderNo: String
    let refundNo: String?
    let amountFen: Money
    let feeFen: Money
    let createdAt: EventTime
    let completedAt: EventTime
    let subject: String

    enum CodingKeys: String, CodingKey {
        case lineNo = "line_no"
        case kind, subject
        case channelTradeNo = "channel_trade_no"
        case orderNo = "order_no"
        case refundNo = "refund_no"
        case amountFen = "amount_fen"
        case feeFen = "fee_fen"
        case createdAt = "created_at"
        case completedAt = "completed_at"
    }

    init(_ line: StatementLine) {
        lineNo = line.lineNo
        kind = line.kind
        channelTradeNo = line.channelTradeNo
        orderNo = line.orderNo
        refundNo = line.refundNo
        amountFen = line.amount
        feeFen = line.fee
        createdAt = EventTime(line.createdAt)
        completedAt = EventTime(line.completedAt)
        subject = line.subject
    }

    var line: StatementLine {
        StatementLine(
            lineNo: lineNo, kind: kind,
            channelTradeNo: channelTradeNo, orderNo: orderNo, refundNo: refundNo,
            amount: amountFen, fee: feeFen, createdAt: createdAt.timestamp,
            completedAt: completedAt.timestamp, subject: subject)
    }
}
