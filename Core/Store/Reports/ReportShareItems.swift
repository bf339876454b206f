public import Payments
public import Postgres

/// The orders and refunds of one agent's shares in some days' settlements, a page at a time, each
/// with the two rates between which the agent earns.
public struct ReportShareItems: PostgresStatement {
    /// An order, or a refund, whose amounts are negative.
    public struct Row: Sendable {
        /// The day that was settled.
        public let day: String
        let settlementID: String
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
    let after: [String]
    let limit: Int32

    /// The first page.
    public init(days: ReportDays, agentNo: String, limit: Int) {
        self.init(days, agentNo, ["", "", "", ""], Int32(limit))
    }

    private init(_ days: ReportDays, _ agentNo: String, _ after: [String], _ limit: Int32) {
        self.days = days
        self.agentNo = agentNo
        self.after = after
        self.limit = limit
    }

    /// The page after the one that ends with `row`.
    public func following(_ row: Row) -> ReportShareItems {
        let key = [row.day, row.settlementID, row.orderNo, row.refundNo]
        return ReportShareItems(days, agentNo, key, limit)
    }

    // Rates of a chain: the channel's, the platform's price to the first agent, and so on down.
    public static let sql = """
        select s.day::text, s.settlement_id, i.order_no, i.refund_no, o.merchant_no, o.product,
            i.amount_fen, o.chain_rates_ppm[a.place], o.chain_rates_ppm[a.place + 1],
            i.agent_shares_fen[a.place - 1]
        from settlements s join settlement_items i using (settlement_id)
            join orders o using (order_no)
            cross join lateral (select array_position(o.chain_party_nos, $3) as place) as a
        where s.day >= $1::text::date and s.day <= $2::text::date
            and a.place between 2 and cardinality(i.agent_shares_fen) + 1
            and (s.day, s.settlement_id) >= (coalesce(nullif($4::text, '')::date, '-infinity'), $5)
            and (s.day, s.settlement_id, i.order_no, i.refund_no)
                > (coalesce(nullif($4::text, '')::date, '-infinity'), $5, $6, $7)
        order by s.day, s.settlement_id, i.order_no, i.refund_no limit $8
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(days)
        bindings.append(agentNo)
        for part in after { bindings.append(part) }
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), settlementID: try row.text(1), orderNo: try row.text(2),
            refundNo: try row.text(3), merchantNo: try row.text(4), product: try row.text(5),
            amount: try row.money(6), rate: try row.rate(7), rateBelow: try row.rate(8),
            share: try row.money(9))
    }
}
