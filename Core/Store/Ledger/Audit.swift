public import Payments
public import Postgres

/// The invariants of the ledger. A row for each breach; none where all hold.
public struct AuditLedger: PostgresStatement {
    /// A breach.
    public struct Row: Sendable, Equatable {
        /// The invariant's name, for example `journal_balances`.
        public let invariant: String
        /// The number of the order, journal, settlement, payout or outbox row.
        public let subject: String
        /// What is wrong, with the amounts.
        public let detail: String
    }

    let overdueBefore: Timestamp

    /// - Parameter overdueBefore: an order in progress that expired before this is overdue: its
    ///   inquiries should have ended it.
    public init(overdueBefore: Timestamp) { self.overdueBefore = overdueBefore }

    public static let sql = """
        select 'journal_balances', journal_id::text, 'adds up to ' || sum(amount_fen) || ' fen'
        from journal_entries group by journal_id having sum(amount_fen) <> 0
        union all
        select 'fee_split', order_no, 'merchant ' || merchant_fee_fen || ' is not channel '
            || channel_fee_fen || ' + agents ' || agent_share_fen || ' + platform '
            || platform_share_fen
        from orders where merchant_fee_fen <> channel_fee_fen + agent_share_fen
            + platform_share_fen or channel_fee_fen < 0 or refunded_fen = 0
            and (agent_share_fen < 0 or platform_share_fen < 0)
        union all
        select 'fee_of_rates', o.order_no, 'fees do not follow from the rates of its chain'
        from orders o where o.merchant_fee_fen
            <> fee_fen(o.amount_fen, o.chain_rates_ppm[cardinality(o.chain_rates_ppm)])
             - fee_fen(o.refunded_fen, o.chain_rates_ppm[cardinality(o.chain_rates_ppm)])
            or o.channel_fee_fen <> fee_fen(o.amount_fen, o.chain_rates_ppm[1])
             - fee_fen(o.refunded_fen, o.chain_rates_ppm[1])
        union all
        select 'refunds_add_up', o.order_no, 'refunded ' || o.refunded_fen
            || ' fen, its refunds add up to ' || coalesce(sum(r.amount_fen), 0)
        from orders o left join refunds r on r.order_no = o.order_no and r.status = 'succeeded'
        where o.refunded_fen > 0 or r.refund_no is not null
        group by o.order_no having o.refunded_fen <> coalesce(sum(r.amount_fen), 0)
        union all
        select 'paid_order_explained', o.order_no, 'is paid and not settled, without a difference '
            || 'or a later statement as the reason'
        from orders o where o.paid_at is not null and o.settlement_id is null
            and not exists (select from differences d where d.order_no = o.order_no)
            and exists (select from statements s where s.channel = o.channel
                and s.status = 'complete'
                and s.day >= (o.paid_at at time zone 'Asia/Shanghai')::date)
        union all
        select 'order_in_progress_explained', order_no, 'is ' || status || ', expired '
            || expires_at || ', and no inquiry is scheduled'
        from orders where status in ('accepted', 'paying') and next_inquiry_at is null
        union all
        select 'order_not_overdue', order_no, 'is still ' || status || ' long after its expiry'
        from orders where status in ('accepted', 'paying') and expires_at < $1
        union all
        select 'settlement_items_add_up', s.settlement_id, 'items differ from the settlement'
        from settlements s left join settlement_items i using (settlement_id)
        group by s.settlement_id, s.gross_fen, s.refunded_fen, s.merchant_fee_fen
        having coalesce(sum(i.amount_fen), 0) <> s.gross_fen - s.refunded_fen
            or coalesce(sum(i.merchant_fee_fen), 0) <> s.merchant_fee_fen
        union all
        select 'settlement_has_journal', settlement_id, 'has no journal'
        from settlements s where not exists (select from journals j
            where j.kind = '\(JournalKind.settlement.rawValue)' and j.reference = s.settlement_id)
            and (s.gross_fen <> s.refunded_fen or s.merchant_fee_fen <> 0
                or s.channel_fee_fen <> 0 or s.agent_share_fen <> 0
                or s.platform_share_fen <> 0)
        union all
        select 'settlement_paid_or_carried', settlement_id, 'has a net of ' || net_fen
            || ' fen and no payout'
        from settlements s where net_fen > 0
            and not exists (select from payouts p where p.settlement_id = s.settlement_id)
        union all
        select 'payout_has_journal', payout_no, 'has no journal of its ' || status
        from payouts p where not exists (select from journals j
                where j.reference = p.payout_no
                    and j.kind = '\(JournalKind.payoutRequested.rawValue)')
            or p.status in ('succeeded', 'failed') and not exists (select from journals j
                where j.reference = p.payout_no and j.kind = case p.status
                    when 'succeeded' then '\(JournalKind.payoutSucceeded.rawValue)'
                    else '\(JournalKind.payoutFailed.rawValue)' end)
        union all
        select 'payout_amount', payout_no, 'pays ' || p.amount_fen || ' fen of a net of '
            || s.net_fen
        from payouts p join settlements s using (settlement_id) where p.amount_fen <> s.net_fen
        union all
        select 'outbox_is_published', outbox_id::text, 'of ' || worker || ' was stored at '
            || created_at || ' and is not published'
        from outbox where created_at < clock_timestamp() - interval '5 minutes'
        order by 1, 2
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(overdueBefore) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(invariant: try row.text(0), subject: try row.text(1), detail: try row.text(2))
    }
}
