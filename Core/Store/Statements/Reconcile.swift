public import Payments
public import Postgres

/// Compares every line of a complete statement with the orders and refunds, and stores the
/// differences. A row for each difference.
///
/// A line agrees where the order or refund exists, took effect, and has the same amount and fee. A
/// line that repeats an earlier one, of this statement or of another day's, is a `duplicate`.
public struct FindLineDifferences: PostgresStatement {
    let statementID: String
    let now: Timestamp

    /// A complete statement.
    public init(statementID: String, now: Timestamp) {
        self.statementID = statementID
        self.now = now
    }

    public static let sql = """
        with line as (
            select l.*, s.channel, s.day, row_number() over (
                partition by l.kind, l.order_no, l.refund_no order by l.line_no) as nth
            from statement_lines l join statements s using (statement_id)
            where l.statement_id = $1
        ), compared as (
            select l.*, o.amount_fen as ours_fen,
                fee_fen(o.amount_fen, o.chain_rates_ppm[1]) as our_fee_fen,
                case
                    when l.nth > 1 or o.matched_day <> l.day then 'duplicate'
                    when o.order_no is null or o.paid_at is null then 'channel_only'
                    when o.amount_fen <> l.amount_fen then 'amount_mismatch'
                    when fee_fen(o.amount_fen, o.chain_rates_ppm[1]) <> l.fee_fen
                        then 'fee_mismatch'
                end as difference
            from line l left join orders o on o.order_no = l.order_no where l.kind = 'trade'
            union all
            select l.*, r.amount_fen, r.channel_fee_fen,
                case
                    when l.nth > 1 or r.matched_day <> l.day then 'duplicate'
                    when r.refund_no is null then 'channel_only'
                    when r.status <> 'succeeded' then 'status_mismatch'
                    when r.amount_fen <> l.amount_fen then 'amount_mismatch'
                    when r.channel_fee_fen <> l.fee_fen then 'fee_mismatch'
                end
            from line l left join refunds r on r.refund_no = l.refund_no
                and r.order_no = l.order_no
            where l.kind = 'refund'
        )
        insert into differences (channel, day, statement_id, line_no, kind, line_kind, order_no,
            refund_no, platform_amount_fen, channel_amount_fen, platform_fee_fen,
            channel_fee_fen, opened_at)
        select channel, day, statement_id, line_no, difference, kind, order_no, refund_no,
            ours_fen, amount_fen, our_fee_fen, fee_fen, $2
        from compared where difference is not null
        on conflict do nothing
        returning kind
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(statementID)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Marks the paid orders whose line agrees in amount as matched, whether or not the fee agrees; of
/// repeated lines the first counts. A row for each that this statement hadn't matched before:
/// whether the fee agrees too.
public struct MatchOrders: PostgresStatement {
    let statementID: String
    /// A complete statement.
    public init(statementID: String) { self.statementID = statementID }

    public static let sql = """
        update orders as o set matched_statement_id = s.statement_id, matched_day = s.day
        from (
            select distinct on (order_no) * from statement_lines
            where statement_id = $1 and kind = 'trade' order by order_no, line_no
        ) as l join statements s using (statement_id)
        where o.order_no = l.order_no and o.paid_at is not null
            and o.amount_fen = l.amount_fen
            and (o.matched_day is null or o.matched_day = s.day)
            and o.matched_statement_id is distinct from s.statement_id
        returning l.fee_fen = fee_fen(o.amount_fen, o.chain_rates_ppm[1])
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(statementID) }
    /// Whether the fee agrees too.
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool {
        try row.bool(0)
    }
}

/// Marks the refunds whose line agrees in amount as matched, as ``MatchOrders`` does.
public struct MatchRefunds: PostgresStatement {
    let statementID: String
    /// A complete statement.
    public init(statementID: String) { self.statementID = statementID }

    public static let sql = """
        update refunds as r set matched_statement_id = s.statement_id, matched_day = s.day
        from (
            select distinct on (order_no, refund_no) * from statement_lines
            where statement_id = $1 and kind = 'refund' order by order_no, refund_no, line_no
        ) as l join statements s using (statement_id)
        where r.refund_no = l.refund_no and r.order_no = l.order_no and r.status = 'succeeded'
            and r.amount_fen = l.amount_fen and (r.matched_day is null or r.matched_day = s.day)
            and r.matched_statement_id is distinct from s.statement_id
        returning l.fee_fen = r.channel_fee_fen
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(statementID) }
    /// Whether the fee agrees too.
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool {
        try row.bool(0)
    }
}

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
            from statements s join orders o on o.channel = s.channel
            where s.statement_id = $1 and o.paid_at >= $2 and o.paid_at < $3
                and o.matched_day is null and starts_with(s.account, o.seller_id)
            union all
            select r.order_no, r.refund_no, 'refund'
            from statements s join refunds r on r.status = 'succeeded'
                join orders o on o.order_no = r.order_no and o.channel = s.channel
            where s.statement_id = $1 and r.completed_at >= $2 and r.completed_at < $3
                and r.matched_day is null and starts_with(s.account, o.seller_id)
            union all
            select o.order_no, '', 'trade'
            from statements s join orders o on o.channel = s.channel
            where s.statement_id = $1 and o.paid_at >= $5 and o.paid_at < $2
                and o.matched_day is null and starts_with(s.account, o.seller_id)
                and \(isCompared("o.paid_at")) and \(isUnreported("o.order_no", "''"))
            union all
            select r.order_no, r.refund_no, 'refund'
            from statements s join refunds r on r.status = 'succeeded'
                join orders o on o.order_no = r.order_no and o.channel = s.channel
            where s.statement_id = $1 and r.completed_at >= $5 and r.completed_at < $2
                and r.matched_day is null and starts_with(s.account, o.seller_id)
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

/// Resolves the `platform_only` differences that this statement matched, and makes the inquiry due
/// of unpaid orders that only the channel has as paid, and the query of refunds that only it has,
/// or only it has as done.
public struct ResolveDifferences: PostgresStatement {
    let statementID: String
    let now: Timestamp

    /// Run after the matching.
    public init(statementID: String, now: Timestamp) {
        self.statementID = statementID
        self.now = now
    }

    public static let sql = """
        with carried as (
            update differences d set status = 'resolved', resolved_at = $2,
                resolution = 'matched by ' || $1
            where d.status <> 'resolved' and d.kind = 'platform_only' and d.statement_id <> $1
                and (d.line_kind = 'trade' and exists (select from orders o
                        where o.order_no = d.order_no and o.matched_statement_id = $1)
                    or d.line_kind = 'refund' and exists (select from refunds r
                        where r.order_no = d.order_no and r.refund_no = d.refund_no
                            and r.matched_statement_id = $1))
        ), reported as (
            insert into refund_reports as p (order_no, refund_no, reported_at, next_attempt_at)
            select distinct d.order_no, d.refund_no, $2, $2
            from differences d join orders o using (order_no)
            where d.statement_id = $1 and d.kind in ('channel_only', 'status_mismatch')
                and d.line_kind = 'refund' and d.refund_no <> ''
            on conflict (order_no, refund_no) do update
            set status = 'open', next_attempt_at = excluded.next_attempt_at
            where p.status = 'unconfirmed'
        )
        update orders o set next_inquiry_at = $2, inquiry_attempt = o.inquiry_attempt
        from differences d
        where d.statement_id = $1 and d.kind = 'channel_only' and d.line_kind = 'trade'
            and o.order_no = d.order_no and o.paid_at is null
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(statementID)
        bindings.append(now)
    }
}

/// Matches `channel_only` differences whose order an inquiry has since found paid, or differences
/// whose refund a query has proven (the refund was unknown here, or not known to have succeeded),
/// also those that a person had ended before; and escalates differences that have been open too
/// long. A row for each that it matched: the difference's number.
public struct RevisitDifferences: PostgresStatement {
    let day: BusinessDay
    let escalateAfterDays: Int
    let now: Timestamp

    /// - Parameter day: the day being reconciled.
    public init(day: BusinessDay, escalateAfterDays: Int, now: Timestamp) {
        self.day = day
        self.escalateAfterDays = escalateAfterDays
        self.now = now
    }

    public static let sql = """
        with candidate as (
            select * from differences where status <> 'resolved'
            union all
            select d.* from difference_resolutions x join differences d using (difference_id)
            where x.status = 'applied' and d.status = 'resolved'
        ), repaired as (
            update orders o set matched_statement_id = d.statement_id, matched_day = d.day
            from candidate d
            where d.kind = 'channel_only' and d.line_kind = 'trade'
                and o.order_no = d.order_no and o.paid_at is not null and o.matched_day is null
                and o.amount_fen = d.channel_amount_fen
            returning d.difference_id
        ), proven as (
            update refunds r set matched_statement_id = d.statement_id, matched_day = d.day
            from candidate d
            where d.kind in ('channel_only', 'status_mismatch')
                and d.line_kind = 'refund' and r.order_no = d.order_no and r.refund_no = d.refund_no
                and r.status = 'succeeded' and r.matched_day is null
                and r.amount_fen = d.channel_amount_fen
            returning d.difference_id
        ), closed as (
            update differences d set status = 'resolved', resolved_at = $3,
                resolution = case when d.line_kind = 'trade' then 'an inquiry found the order paid'
                    else 'a query found the refund' end
            from (select * from repaired union all select * from proven) as found
            where d.difference_id = found.difference_id
        ), escalated as (
            update differences set status = 'escalated'
            where status = 'open' and day <= $1::text::date - $2::int
                and difference_id not in (
                    select difference_id from repaired
                    union all select difference_id from proven)
        )
        select difference_id from repaired union all select difference_id from proven
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(day)
        bindings.append(Int32(escalateAfterDays))
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}
