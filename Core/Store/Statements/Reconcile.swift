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
            select l.*, s.channel, s.account, s.day, row_number() over (
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
            from line l left join orders o on o.order_no = l.order_no
                and \(StatementAccount.owns("l", "o"))
            where l.kind = 'trade'
            union all
            select l.*, r.amount_fen, r.channel_fee_fen,
                case
                    when l.nth > 1 or r.matched_day <> l.day then 'duplicate'
                    when r.refund_no is null then 'channel_only'
                    when r.status <> 'succeeded' then 'status_mismatch'
                    when r.amount_fen <> l.amount_fen then 'amount_mismatch'
                    when r.channel_fee_fen <> l.fee_fen then 'fee_mismatch'
                end
            from line l left join (
                    select r.*, o.channel, o.seller_id from refunds r join orders o using (order_no)
                ) as r on r.refund_no = l.refund_no and r.order_no = l.order_no
                and \(StatementAccount.owns("l", "r"))
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
            and \(StatementAccount.owns("s", "o"))
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
            and exists (select from orders o where o.order_no = r.order_no
                and \(StatementAccount.owns("s", "o")))
        returning l.fee_fen = r.channel_fee_fen
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(statementID) }
    /// Whether the fee agrees too.
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool {
        try row.bool(0)
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
