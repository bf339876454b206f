public import Payments
public import Postgres

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
                and exists (select from statements s where s.statement_id = d.statement_id
                    and \(StatementAccount.owns("s", "o")))
            returning d.difference_id
        ), proven as (
            update refunds r set matched_statement_id = d.statement_id, matched_day = d.day
            from candidate d
            where d.kind in ('channel_only', 'status_mismatch')
                and d.line_kind = 'refund' and r.order_no = d.order_no and r.refund_no = d.refund_no
                and r.status = 'succeeded' and r.matched_day is null
                and r.amount_fen = d.channel_amount_fen
                and exists (select from statements s join orders o on o.order_no = r.order_no
                    where s.statement_id = d.statement_id and \(StatementAccount.owns("s", "o")))
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
