public import Payments
public import Postgres

/// The statements that were compared with some days' orders, in their order, with what came of it.
/// Of a day and account, every version.
public struct ReportStatements: PostgresStatement {
    /// A statement.
    public struct Row: Sendable {
        /// The statement's day.
        public let day: String
        /// The channel's name.
        public let channel: String
        /// The channel's account.
        public let account: String
        /// The statement's number.
        public let statementID: String
        /// Its payments and their sum.
        public let trades: Int32
        /// The sum of its payments.
        public let tradeTotal: Money
        /// Its refunds.
        public let refunds: Int32
        /// The sum of its refunds.
        public let refundTotal: Money
        /// Lines that agree with an order or a refund.
        public let matched: Int32
        /// Differences, resolved or not.
        public let differences: Int64
        /// Differences that aren't resolved.
        public let open: Int64
        /// Of those: amounts that only the platform has, or has more than the channel.
        public let openPlatform: Money
        /// Of those: amounts that only the channel has, or has more than the platform.
        public let openChannel: Money
    }

    let days: ReportDays

    /// - Parameter days: the statements' days.
    public init(days: ReportDays) { self.days = days }

    public static let sql = """
        select s.day::text, s.channel, s.account, s.statement_id, s.trade_count, s.trade_total_fen,
            s.refund_count, s.refund_total_fen, r.matched::int, d.count, d.open,
            d.open_platform::bigint, d.open_channel::bigint
        from statements s
            cross join lateral (select sum(matched) as matched from reconciliations
                where statement_id = s.statement_id) as r
            cross join lateral (
                select count(*) as count, count(*) filter (where is_open) as open,
                    coalesce(sum(greatest(ours - theirs, 0)) filter (where is_open), 0)
                        as open_platform,
                    coalesce(sum(greatest(theirs - ours, 0)) filter (where is_open), 0)
                        as open_channel
                from (
                    select status <> 'resolved' as is_open,
                        case kind when 'duplicate' then 0 else coalesce(platform_amount_fen, 0) end
                            as ours,
                        coalesce(channel_amount_fen, 0) as theirs
                    from differences where statement_id = s.statement_id
                ) as amounts
            ) as d
        where s.day >= $1::text::date and s.day <= $2::text::date and r.matched is not null
        order by s.day, s.channel, s.account, s.statement_id
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(days) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), channel: try row.text(1), account: try row.text(2),
            statementID: try row.text(3), trades: try row.int32(4), tradeTotal: try row.money(5),
            refunds: try row.int32(6), refundTotal: try row.money(7), matched: try row.int32(8),
            differences: try row.int64(9), open: try row.int64(10),
            openPlatform: try row.money(11), openChannel: try row.money(12))
    }
}
