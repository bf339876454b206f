public import Payments
public import Postgres

/// The orders and refunds of one agent's shares in some days' settlements, each with
/// the two rates between which the agent earns.
public struct ReportShareItems: PostgresStatement {
    /// An order, or a refund, whose amounts are negative.
    public struct Row: Sendable {
        /// The day that was settled.
        public let day: String
        /// The order.
        public let orderNo: String
        /// The refund; empty for the order itself.
        public let refundNo: String
        /// The merchant's party number.
        public let merchantNo: String
        /// `PC`, `WAP` or `APP`.
        public let product: String
        /// The amount.
        public let amount: Money
        /// The agent's own rate when the order was accepted.
        public let rate: Rate
        /// The rate of the party below.
        public let rateBelow: Rate
        /// The agent's share.
        public let share: Money
    }

    let days: ReportDays
    let agentNo: String

    /// - Parameter days: those that were settled.
    public init(days: ReportDays, agentNo: String) {
        self.days = days
        self.agentNo = agentNo
    }

    // Rates of a chain: the channel's, the platform's price to the first agent, and so on down.
    public static let sql = """
        select s.day::text, i.order_no, i.refund_no, o.merchant_no, o.product, i.amount_fen,
            o.chain_rates_ppm[a.place], o.chain_rates_ppm[a.place + 1],
            i.agent_shares_fen[a.place - 1]
        from settlements s join settlement_items i using (settlement_id)
            join orders o using (order_no)
            cross join lateral (select array_position(o.chain_party_nos, $3) as place) as a
        where s.day >= $1::text::date and s.day <= $2::text::date
            and a.place between 2 and cardinality(i.agent_shares_fen) + 1
        order by s.day, s.settlement_id, i.order_no, i.refund_no
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(days)
        bindings.append(agentNo)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), orderNo: try row.text(1), refundNo: try row.text(2),
            merchantNo: try row.text(3), product: try row.text(4), amount: try row.money(5),
            rate: try row.rate(6), rateBelow: try row.rate(7), share: try row.money(8))
    }
}
