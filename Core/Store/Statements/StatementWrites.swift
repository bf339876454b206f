public import Events
public import Payments
public import Postgres

/// Stores a statement before its lines are published. A row if it is new; none if the same file was
/// imported before.
public struct InsertStatement: PostgresStatement {
    let closed: StatementClosed
    let sha256: [UInt8]
    let now: Timestamp

    /// - Parameter closed: the counts and totals that the lines must come to.
    public init(_ closed: StatementClosed, sha256: [UInt8], now: Timestamp) {
        self.closed = closed
        self.sha256 = sha256
        self.now = now
    }

    public static let sql = """
        insert into statements (statement_id, channel, account, day, content_sha256, status,
            line_count, trade_count, trade_total_fen, refund_count, refund_total_fen, imported_at)
        values ($1, $2, $3, $4::text::date, $5, 'importing', $6, $7, $8, $9, $10, $11)
        on conflict do nothing
        returning statement_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(closed.statementID)
        bindings.append(closed.channel)
        bindings.append(closed.account)
        bindings.append(closed.date)
        bindings.append(sha256)
        bindings.append(Int32(closed.lineCount))
        bindings.append(Int32(closed.tradeCount))
        bindings.append(closed.tradeTotalFen)
        bindings.append(Int32(closed.refundCount))
        bindings.append(closed.refundTotalFen)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Stores lines of statements; a line that is stored isn't changed.
public struct InsertStatementLines: PostgresStatement {
    let statementIDs: [String]
    let lines: [StatementLine]

    /// `statementIDs` and `lines` are parallel.
    public init(statementIDs: [String], lines: [StatementLine]) {
        self.statementIDs = statementIDs
        self.lines = lines
    }

    public static let sql = """
        insert into statement_lines (statement_id, line_no, kind, channel_trade_no, order_no,
            refund_no, amount_fen, fee_fen, created_at, completed_at, subject)
        select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[],
            $6::text[], $7::bigint[], $8::bigint[], $9::timestamptz[], $10::timestamptz[],
            $11::text[])
        on conflict do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(statementIDs)
        bindings.append(lines.map { Int32($0.lineNo) })
        bindings.append(lines.map { $0.kind == .trade ? "trade" : "refund" })
        bindings.append(lines.map(\.channelTradeNo))
        bindings.append(lines.map(\.orderNo))
        bindings.append(lines.map { $0.refundNo ?? "" })
        bindings.append(lines.map(\.amount))
        bindings.append(lines.map(\.fee))
        bindings.append(lines.map(\.createdAt))
        bindings.append(lines.map(\.completedAt))
        bindings.append(lines.map(\.subject))
    }
}

/// Marks a statement complete if all its lines are stored and come to its totals.
///
/// A row if so; none while lines are missing, or if it was complete before.
public struct CompleteStatement: PostgresStatement {
    /// A newly complete statement.
    public struct Row: Sendable {
        /// The statement's identity.
        public let statementID: String
        /// The channel's name.
        public let channel: String
        /// The statement's day.
        public let day: BusinessDay
    }

    let statementID: String
    let now: Timestamp

    /// - Parameter now: business time.
    public init(statementID: String, now: Timestamp) {
        self.statementID = statementID
        self.now = now
    }

    public static let sql = """
        with seen as (
            select count(*) as lines,
                coalesce(sum(amount_fen) filter (where kind = 'trade'), 0) as trades,
                coalesce(sum(amount_fen) filter (where kind = 'refund'), 0) as refunds
            from statement_lines where statement_id = $1
        )
        update statements as s set status = 'complete', completed_at = $2
        from seen
        where s.statement_id = $1 and s.status = 'importing' and s.line_count = seen.lines
            and s.trade_total_fen = seen.trades and s.refund_total_fen = seen.refunds
        returning s.statement_id, s.channel, s.day::text
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(statementID)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            statementID: try row.text(0), channel: try row.text(1), day: try row.businessDay(2))
    }
}

/// The statements of these that were imported: a row for each.
public struct KnownStatements: PostgresStatement {
    let statementIDs: [String]
    /// The statements' identities.
    public init(_ statementIDs: [String]) { self.statementIDs = statementIDs }
    public static let sql = "select statement_id from statements where statement_id = any($1)"
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(statementIDs) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
