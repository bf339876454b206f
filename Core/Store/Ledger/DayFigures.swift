import Payments
public import Postgres

/// The figures of a database that holds one played day.
public struct DayFigures: PostgresStatement {
    /// Figures by name, in the order of the contract's line.
    public static let names = [
        "orders_submitted", "orders_accepted", "orders_rejected", "orders_paid", "orders_closed",
        "refunds", "deliveries_due", "deliveries_acknowledged", "matched", "platform_only",
        "channel_only", "amount_mismatch", "settlements", "paid_out_fen", "merchant_fee_fen",
        "channel_fee_fen", "agent_share_fen", "platform_share_fen", "dead_letters",
        "dead_letters_replayed",
    ]

    /// Every figure.
    public init() {}

    public static let sql = """
        with o as (
            select count(*) as accepted, count(*) filter (where paid_at is not null) as paid,
                count(*) filter (where status = 'closed') as closed
            from orders
        ), fees as (
            select coalesce(sum(merchant_fee_fen), 0)::bigint as merchant,
                coalesce(sum(channel_fee_fen), 0)::bigint as channel,
                coalesce(sum(agent_share_fen), 0)::bigint as agent,
                coalesce(sum(platform_share_fen), 0)::bigint as platform
            from orders where paid_at is not null
        ), r as (select count(*) as rejected from order_rejections)
        select o.accepted + r.rejected, o.accepted, r.rejected, o.paid, o.closed,
            (select count(*) from refunds where status = 'succeeded'),
            (select count(*) from deliveries),
            (select count(*) from deliveries where status = 'acknowledged'),
            (select coalesce(sum(matched), 0)::bigint from reconciliations),
            (select coalesce(sum(platform_only), 0)::bigint from reconciliations),
            (select coalesce(sum(channel_only), 0)::bigint from reconciliations),
            (select coalesce(sum(amount_mismatch), 0)::bigint from reconciliations),
            (select count(*) from settlements),
            (select coalesce(sum(amount_fen), 0)::bigint from payouts
                where status = 'succeeded'),
            fees.merchant, fees.channel, fees.agent, fees.platform,
            (select count(*) from dead_letters),
            (select count(*) from dead_letters where status = 'replayed')
        from o, r, fees
        """

    public func bind(_ bindings: inout PostgresBindings) {}

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> [Int64] {
        var figures: [Int64] = []
        for index in names.indices { figures.append(try row.int64(index)) }
        return figures
    }
}
