public import Payments
public import Postgres

/// What was paid and refunded on some days, whether or not it is settled, by day and product.
public struct ReportTurnover: PostgresStatement {
    /// A day's product.
    public struct Row: Sendable {
        /// The day of payment, or of refund.
        public let day: String
        /// `PC`, `WAP` or `APP`.
        public let product: String
        /// The paid orders.
        public let orders: Int64
        /// Their sum.
        public let gross: Money
        /// The refunds.
        public let refunds: Int64
        /// Their sum.
        public let refunded: Money
        /// What merchants pay, less what refunds reversed.
        public let merchantFee: Money
        /// The channel's part of it.
        public let channelFee: Money
        /// The agents' part of it.
        public let agentShare: Money
        /// The platform's part of it.
        public let platformShare: Money
    }

    let days: ReportDays

    /// - Parameter days: of payment, or of refund.
    public init(days: ReportDays) { self.days = days }

    public static let sql = """
        with part as (
            select o.paid_at as at, o.product, 1 as orders, o.amount_fen as gross, 0 as refunds,
                0 as refunded,
                fee_fen(o.amount_fen, o.chain_rates_ppm[cardinality(o.chain_rates_ppm)]) as fee,
                fee_fen(o.amount_fen, o.chain_rates_ppm[1]) as channel,
                fee_fen(o.amount_fen, o.chain_rates_ppm[2])
                    - fee_fen(o.amount_fen, o.chain_rates_ppm[1]) as platform
            from orders o where o.paid_at >= $1 and o.paid_at < $2
            union all
            select r.completed_at, o.product, 0, 0, 1, r.amount_fen, -r.merchant_fee_fen,
                -r.channel_fee_fen, -r.platform_share_fen
            from refunds r join orders o using (order_no)
            where r.status = 'succeeded' and r.completed_at >= $1 and r.completed_at < $2
        )
        select (at at time zone 'Asia/Shanghai')::date::text as day, product,
            sum(orders)::bigint, sum(gross)::bigint, sum(refunds)::bigint, sum(refunded)::bigint,
            sum(fee)::bigint, sum(channel)::bigint, sum(fee - channel - platform)::bigint,
            sum(platform)::bigint
        from part group by 1, 2 order by 1, 2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(days.from.start)
        bindings.append(days.to.end)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), product: try row.text(1), orders: try row.int64(2),
            gross: try row.money(3), refunds: try row.int64(4), refunded: try row.money(5),
            merchantFee: try row.money(6), channelFee: try row.money(7),
            agentShare: try row.money(8), platformShare: try row.money(9))
    }
}
