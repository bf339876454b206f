public import Payments
public import Postgres

/// The channel's fees of some days: what its statements charge, and what the contract's rate gives
/// for the same lines. Of a day and account the newest version of the statement.
public struct ReportFees: PostgresStatement {
    /// The payments, or the refunds, of a statement; those of refunds are negative.
    public struct Row: Sendable {
        /// The statement's day.
        public let day: String
        /// The channel's name.
        public let channel: String
        /// The channel's account.
        public let account: String
        /// `trade` or `refund`.
        public let lineKind: String
        /// The statement's lines.
        public let lines: Int64
        /// Their sum.
        public let amount: Money
        /// The fees of the statement's lines.
        public let statementFee: Money
        /// The fees by the contract; none for a line whose order or refund is unknown here.
        public let contractFee: Money
    }

    let days: ReportDays

    /// - Parameter days: the statements' days.
    public init(days: ReportDays) { self.days = days }

    public static let sql = """
        select s.day::text, s.channel, s.account, l.kind, count(*),
            sum(sign.of * l.amount_fen)::bigint, sum(sign.of * l.fee_fen)::bigint,
            coalesce(sum(sign.of * case l.kind
                when 'trade' then fee_fen(o.amount_fen, o.chain_rates_ppm[1])
                else r.channel_fee_fen end), 0)::bigint
        from statements s join statement_lines l using (statement_id)
            cross join lateral (select case l.kind when 'trade' then 1 else -1 end) as sign (of)
            left join orders o on l.kind = 'trade' and o.order_no = l.order_no
            left join refunds r on l.kind = 'refund' and r.order_no = l.order_no
                and r.refund_no = l.refund_no
        where s.day >= $1::text::date and s.day <= $2::text::date
            and \(StatementVersion.isNewest("s"))
        group by s.day, s.channel, s.account, l.kind
        order by s.day, s.channel, s.account, l.kind desc
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(days) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), channel: try row.text(1), account: try row.text(2),
            lineKind: try row.text(3), lines: try row.int64(4), amount: try row.money(5),
            statementFee: try row.money(6), contractFee: try row.money(7))
    }
}
