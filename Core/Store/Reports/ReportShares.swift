public import Payments
public import Postgres

/// What agents earned by some days' settlements: by day, agent and product; of all agents or one.
public struct ReportShares: PostgresStatement {
    /// An agent's share of a day and product.
    public struct Row: Sendable {
        /// The day that was settled.
        public let day: String
        /// The agent's party number.
        public let agentNo: String
        /// The agent's name.
        public let agentName: String
        /// `PC`, `WAP` or `APP`.
        public let product: String
        /// The paid orders.
        public let orders: Int64
        /// The refunds.
        public let refunds: Int64
        /// Orders less refunds.
        public let amount: Money
        /// The agent's share, less what refunds reversed.
        public let share: Money
    }

    let days: ReportDays
    let agentNo: String?

    /// - Parameter agentNo: only this agent's; `nil` for all.
    public init(days: ReportDays, agentNo: String?) {
        self.days = days
        self.agentNo = agentNo
    }

    public static let sql = """
        select s.day::text, a.agent_no, p.name, o.product,
            count(*) filter (where i.refund_no = ''), count(*) filter (where i.refund_no <> ''),
            sum(i.amount_fen)::bigint, sum(a.share)::bigint
        from settlements s join settlement_items i using (settlement_id)
            join orders o using (order_no)
            cross join lateral (
                select o.chain_party_nos[level + 1] as agent_no, share
                from unnest(i.agent_shares_fen) with ordinality as u (share, level)) as a
            join parties p on p.party_no = a.agent_no
        where s.day >= $1::text::date and s.day <= $2::text::date
            and ($3::text is null or a.agent_no = $3)
        group by s.day, a.agent_no, p.name, o.product order by s.day, a.agent_no, o.product
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(days)
        bindings.append(agentNo)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), agentNo: try row.text(1), agentName: try row.text(2),
            product: try row.text(3), orders: try row.int64(4), refunds: try row.int64(5),
            amount: try row.money(6), share: try row.money(7))
    }
}
