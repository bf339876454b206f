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
            and not exists (select from differences d where d.order_no = o.order_no
                and (d.status <> 'resolved' or exists (select from difference_resolutions x
                    where x.difference_id = d.difference_id and x.status = 'applied'
                        and x.action = 'dismiss')))
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
        group by s.settlement_id
        having coalesce(sum(i.amount_fen) filter (where i.refund_no = ''), 0) <> s.gross_fen
            or coalesce(-sum(i.amount_fen) filter (where i.refund_no <> ''), 0) <> s.refunded_fen
            or coalesce(sum(i.merchant_fee_fen), 0) <> s.merchant_fee_fen
            or coalesce(sum(i.channel_fee_fen), 0) <> s.channel_fee_fen
            or coalesce(sum(i.platform_share_fen), 0) <> s.platform_share_fen
            or coalesce(sum((select sum(share) from unnest(i.agent_shares_fen) as a (share))), 0)
                <> s.agent_share_fen
            or count(*) filter (where i.refund_no = '') <> s.order_count
            or count(*) filter (where i.refund_no <> '') <> s.refund_count
        union all
        \(itemAmounts)
        union all
        \(refundFees)
        union all
        \(settlementJournals)
        union all
        \(payoutJournals)
        union all
        \(resolutions)
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

    /// A fee with arithmetic of its own, not by the function that books it: half a fen rounds up.
    private static func fee(_ amount: String, _ ppm: String) -> String {
        "div((\(amount))::numeric * \(ppm) + 500000, 1000000)"
    }

    // Of an item: the order's own amount and fees, or the refund's, and the order's own merchant.
    private static let itemAmounts = """
        select 'item_amounts', i.order_no, concat_ws(' ', 'its item', nullif(i.refund_no, ''), 'of',
            i.settlement_id, 'differs from the order, the refund or their rates')
        from settlement_items i join settlements s using (settlement_id)
            join orders o using (order_no)
            left join refunds r on i.refund_no <> '' and r.order_no = i.order_no
                and r.refund_no = i.refund_no
            cross join lateral (select
                case i.refund_no when '' then 0 else r.refunded_before_fen + r.amount_fen end as a,
                case i.refund_no when '' then o.amount_fen else r.refunded_before_fen end as b)
                as t
        where s.merchant_no <> o.merchant_no
            or i.merchant_fee_fen <> i.channel_fee_fen + i.platform_share_fen
                + coalesce((select sum(share) from unnest(i.agent_shares_fen) as a (share)), 0)
            or i.agent_shares_fen is distinct from array(
                select \(difference("o.chain_rates_ppm[k + 1]"))
                    - \(difference("o.chain_rates_ppm[k]"))
                from generate_series(2, cardinality(o.chain_rates_ppm) - 1) as k order by k
                )::bigint[]
            or i.refund_no = '' and (i.amount_fen <> o.amount_fen
                or i.merchant_fee_fen <> \(fee("o.amount_fen", merchantRate))
                or i.channel_fee_fen <> \(fee("o.amount_fen", "o.chain_rates_ppm[1]"))
                or i.platform_share_fen <> \(fee("o.amount_fen", "o.chain_rates_ppm[2]"))
                    - \(fee("o.amount_fen", "o.chain_rates_ppm[1]")))
            or i.refund_no <> '' and (r.refund_no is null or r.status <> 'succeeded'
                or i.amount_fen <> -r.amount_fen or i.merchant_fee_fen <> -r.merchant_fee_fen
                or i.channel_fee_fen <> -r.channel_fee_fen
                or i.platform_share_fen <> -r.platform_share_fen)
        """

    private static let merchantRate = "o.chain_rates_ppm[cardinality(o.chain_rates_ppm)]"

    // A refund reverses the difference of the fees on the sums before and after it.
    private static let refundFees = """
        select 'refund_fees', r.order_no, 'refund ' || r.refund_no || ' reverses '
            || r.merchant_fee_fen || ' fen after ' || r.refunded_before_fen
            || ' fen, which does not follow from the rates and the refunds before it'
        from refunds r join orders o using (order_no)
            cross join lateral (select r.refunded_before_fen as a,
                r.refunded_before_fen + r.amount_fen as b) as t
        where r.status = 'succeeded' and (
            r.refunded_before_fen <> coalesce((select sum(q.amount_fen) from refunds q
                where q.order_no = r.order_no and q.status = 'succeeded'
                    and q.refunded_before_fen < r.refunded_before_fen), 0)
            or r.merchant_fee_fen <> \(difference(merchantRate))
            or r.channel_fee_fen <> \(difference("o.chain_rates_ppm[1]"))
            or r.platform_share_fen <> \(difference("o.chain_rates_ppm[2]"))
                - \(difference("o.chain_rates_ppm[1]"))
            or r.agent_share_fen <> \(difference(merchantRate))
                - \(difference("o.chain_rates_ppm[2]")))
        """

    /// The fee on `t.b` less that on `t.a`.
    private static func difference(_ ppm: String) -> String {
        "(\(fee("t.b", ppm)) - \(fee("t.a", ppm)))"
    }

    // Account by account: what the journal books, and what the settlement's items say.
    private static let settlementJournals = """
        select 'settlement_journal_amounts', coalesce(b.reference, w.reference),
            string_agg(coalesce(b.account, w.account) || ' is booked with '
                || coalesce(b.amount, 0) || ' fen, the items say ' || coalesce(w.amount, 0),
                '; ' order by coalesce(b.account, w.account))
        from (
            select j.reference, e.account, e.amount_fen as amount
            from journals j join journal_entries e using (journal_id)
            where j.kind = '\(JournalKind.settlement.rawValue)'
        ) as b full join (
            select reference, account, sum(amount) as amount from (
                select i.settlement_id as reference,
                    '\(Account.channelReceivable.name)' as account,
                    i.amount_fen - i.channel_fee_fen as amount from settlement_items i
                union all
                select i.settlement_id,
                    '\(AccountKind.merchantPayable.rawValue):' || o.merchant_no,
                    i.merchant_fee_fen - i.amount_fen
                from settlement_items i join orders o using (order_no)
                union all
                select i.settlement_id, '\(AccountKind.agentPayable.rawValue):'
                    || o.chain_party_nos[s.level + 1], -s.share
                from settlement_items i join orders o using (order_no),
                    unnest(i.agent_shares_fen) with ordinality as s (share, level)
                union all
                select i.settlement_id, '\(Account.platformRevenue.name)', -i.platform_share_fen
                from settlement_items i
            ) as part group by reference, account having sum(amount) <> 0
        ) as w on w.reference = b.reference and w.account = b.account
        where b.amount is distinct from w.amount
        group by coalesce(b.reference, w.reference)
        """

    // The accounts and amounts of each journal of a payout.
    private static let payoutJournals = """
        select 'payout_journal_amounts', p.payout_no, j.kind || ' books ' || booked.text
        from payouts p join journals j on j.reference = p.payout_no
                and j.kind in ('\(JournalKind.payoutRequested.rawValue)',
                    '\(JournalKind.payoutSucceeded.rawValue)',
                    '\(JournalKind.payoutFailed.rawValue)')
            cross join lateral (
                select string_agg(e.account || ' ' || e.amount_fen, ', ' order by e.account)
                from journal_entries e where e.journal_id = j.journal_id) as booked (text)
        where booked.text is distinct from (
            select string_agg(x.account || ' ' || x.amount, ', ' order by x.account) from (values
                ('\(JournalKind.payoutRequested.rawValue)', payable(p.merchant_no), p.amount_fen),
                ('\(JournalKind.payoutRequested.rawValue)', '\(Account.payoutInTransit.name)',
                    -p.amount_fen),
                ('\(JournalKind.payoutSucceeded.rawValue)', '\(Account.payoutInTransit.name)',
                    p.amount_fen),
                ('\(JournalKind.payoutSucceeded.rawValue)', '\(Account.bank.name)', -p.amount_fen),
                ('\(JournalKind.payoutFailed.rawValue)', '\(Account.payoutInTransit.name)',
                    p.amount_fen),
                ('\(JournalKind.payoutFailed.rawValue)', payable(p.merchant_no), -p.amount_fen))
                as x (kind, account, amount) where x.kind = j.kind)
        """.replacing(
            "payable(p.merchant_no)",
            with: "'\(AccountKind.merchantPayable.rawValue):' || p.merchant_no")

    // What people's decisions on differences have booked, from the two sides' own amounts; what
    // later facts reversed adds up to nothing.
    private static let resolutions = """
        select 'difference_resolution', x.difference_id::text, x.action || ' of ' || d.kind
            || ' books ' || coalesce(booked.text, 'nothing') || ', decided were '
            || x.adjustment_fen || ' fen of ' || x.stake_fen || ' at stake'
        from difference_resolutions x join differences d using (difference_id)
            cross join lateral (select case d.line_kind when 'trade' then 1 else -1 end) as s (sign)
            cross join lateral (select
                s.sign * (coalesce(d.platform_amount_fen, 0) - coalesce(d.platform_fee_fen, 0)),
                s.sign * (coalesce(d.channel_amount_fen, 0) - coalesce(d.channel_fee_fen, 0)))
                as net (ours, theirs)
            cross join lateral (
                select string_agg(e.account || ' ' || e.amount_fen, ', ' order by e.account)
                from journals j join journal_entries e using (journal_id)
                where j.kind = '\(JournalKind.differenceResolved.rawValue)'
                    and j.reference = x.difference_id::text) as booked (text)
            cross join lateral (select case
                when x.action = 'accept' then net.theirs - net.ours
                when x.action = 'dismiss' then 0
                when d.kind = 'platform_only' then -net.ours
                else net.theirs end) as due (fen)
        where x.status = 'applied' and (x.adjustment_fen <> due.fen or d.status <> 'resolved'
            or x.stake_fen <> abs(case when d.kind in ('duplicate', 'channel_only',
                'status_mismatch') then net.theirs else net.theirs - net.ours end)
            or x.stake_fen > x.limit_fen and coalesce(x.decided_by = x.made_by, true)
            or booked.text is distinct from case when due.fen <> 0
                then '\(Account.channelReceivable.name) ' || due.fen
                    || ', \(Account.reconciliationDifference.name) ' || -due.fen end)
        union all
        select 'difference_journal', j.reference, j.kind || ' has no decision of its amount'
        from journals j
        where j.kind in ('\(JournalKind.differenceResolved.rawValue)',
                '\(JournalKind.differenceReversed.rawValue)')
            and (not exists (select from difference_resolutions x
                    where x.difference_id::text = j.reference and x.status = 'applied'
                        and x.adjustment_fen <> 0)
                or j.kind = '\(JournalKind.differenceReversed.rawValue)' and exists (
                    select from journals o join journal_entries e using (journal_id)
                    where o.reference = j.reference and o.kind in
                        ('\(JournalKind.differenceResolved.rawValue)',
                        '\(JournalKind.differenceReversed.rawValue)')
                    group by e.account having sum(e.amount_fen) <> 0))
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(overdueBefore) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(invariant: try row.text(0), subject: try row.text(1), detail: try row.text(2))
    }
}
