public import Payments
public import Postgres

/// Stores the payments and refunds of the statement's day and account that the statement lacks;
/// those of the ``lateDays`` before that became known after their own day was compared; and those
/// that are settled because an earlier version of the statement had them. A row for each.
///
/// They stay open: a later day's statement may have them.
public struct FindPlatformOnly: PostgresStatement {
    /// How many days back a payment or a refund may have become known late.
    public static let lateDays = 31

    let statementID: String
    let day: BusinessDay
    let now: Timestamp

    /// Run after ``MatchOrders`` and ``MatchRefunds``.
    public init(statementID: String, day: BusinessDay, now: Timestamp) {
        self.statementID = statementID
        self.day = day
        self.now = now
    }

    public static let sql = """
        with missed as (
            select o.order_no, '' as refund_no, 'trade' as kind
            from statements s join orders o on \(StatementAccount.owns("s", "o"))
            where s.statement_id = $1 and o.paid_at >= $2 and o.paid_at < $3
                and o.matched_day is null
            union all
            select r.order_no, r.refund_no, 'refund'
            from statements s join refunds r on r.status = 'succeeded'
                join orders o on o.order_no = r.order_no and \(StatementAccount.owns("s", "o"))
            where s.statement_id = $1 and r.completed_at >= $2 and r.completed_at < $3
                and r.matched_day is null
            union all
            select o.order_no, '', 'trade'
            from statements s join orders o on \(StatementAccount.owns("s", "o"))
            where s.statement_id = $1 and o.paid_at >= $5 and o.paid_at < $2
                and o.matched_day is null
                and \(isCompared("o.paid_at")) and \(isUnreported("o.order_no", "''"))
            union all
            select r.order_no, r.refund_no, 'refund'
            from statements s join refunds r on r.status = 'succeeded'
                join orders o on o.order_no = r.order_no and \(StatementAccount.owns("s", "o"))
            where s.statement_id = $1 and r.completed_at >= $5 and r.completed_at < $2
                and r.matched_day is null
                and \(isCompared("r.completed_at")) and \(isUnreported("r.order_no", "r.refund_no"))
            union all
            select o.order_no, '', 'trade' from (\(Self.earlier)) as e
                join orders o on o.matched_statement_id = e.statement_id
            union all
            select r.order_no, r.refund_no, 'refund' from (\(Self.earlier)) as e
                join refunds r on r.matched_statement_id = e.statement_id
        )
        insert into differences (channel, day, statement_id, kind, line_kind, order_no,
            refund_no, platform_amount_fen, platform_fee_fen, opened_at)
        select s.channel, s.day, s.statement_id, 'platform_only', m.kind, m.order_no,
            m.refund_no, coalesce(r.amount_fen, o.amount_fen),
            coalesce(r.channel_fee_fen, fee_fen(o.amount_fen, o.chain_rates_ppm[1])),
            $4::timestamptz
        from missed m join statements s on s.statement_id = $1
            join orders o on o.order_no = m.order_no
            left join refunds r on r.order_no = m.order_no and r.refund_no = m.refund_no
        where not exists (select from statement_lines l where l.statement_id = $1
            and l.kind = m.kind and l.order_no = m.order_no and l.refund_no = m.refund_no)
        on conflict do nothing
        returning order_no
        """

    // The day of that moment has a statement of the same account: it was compared.
    private static func isCompared(_ time: String) -> String {
        """
        exists (select from statements p where p.channel = s.channel and p.account = s.account
            and p.day = (\(time) at time zone 'Asia/Shanghai')::date and p.status = 'complete')
        """
    }

    private static func isUnreported(_ orderNo: String, _ refundNo: String) -> String {
        """
        not exists (select from differences d where d.order_no = \(orderNo)
            and d.refund_no = \(refundNo))
        """
    }

    // Earlier versions of the statement. What they still match was settled before this one came.
    private static let earlier = """
        select e.statement_id from statements v join statements e
            on e.channel = v.channel and e.account = v.account and e.day = v.day
                and e.statement_id <> v.statement_id
        where v.statement_id = $1
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(statementID)
        bindings.append(day.start)
        bindings.append(day.end)
        bindings.append(now)
        bindings.append(day.adding(days: -Self.lateDays).start)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
