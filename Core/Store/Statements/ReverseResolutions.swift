public import Payments
public import Postgres

/// Reverses what decisions have booked, where later facts ended them: the statement has a newer
/// version, or the order or refund took effect and is matched with the line. A row for each.
public struct ReverseResolutions: PostgresStatement {
    let statementID: String
    let now: Timestamp

    /// - Parameter statementID: the version that is being compared; run after the matching.
    public init(statementID: String, now: Timestamp) {
        self.statementID = statementID
        self.now = now
    }

    public static let sql = """
        with ended as (
            select d.difference_id::text as reference
            from difference_resolutions x join differences d using (difference_id)
                join statements s on s.statement_id = d.statement_id
                join statements v on v.statement_id = $1
            where x.status = 'applied' and x.adjustment_fen <> 0 and (
                s.statement_id <> v.statement_id and s.channel = v.channel
                    and s.account = v.account and s.day = v.day
                or d.kind in ('channel_only', 'status_mismatch') and (
                    exists (select from orders o where d.line_kind = 'trade'
                        and o.order_no = d.order_no and o.matched_statement_id = d.statement_id)
                    or exists (select from refunds r where d.line_kind = 'refund'
                        and r.order_no = d.order_no and r.refund_no = d.refund_no
                        and r.matched_statement_id = d.statement_id)))
        ), posted as (
            insert into journals (kind, reference, posted_at)
            select '\(JournalKind.differenceReversed.rawValue)', reference, $2 from ended
            on conflict do nothing returning journal_id, reference
        )
        insert into journal_entries (journal_id, account, amount_fen)
        select p.journal_id, e.account, -e.amount_fen
        from posted p join journals j on j.reference = p.reference
                and j.kind = '\(JournalKind.differenceResolved.rawValue)'
            join journal_entries e on e.journal_id = j.journal_id
        returning journal_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(statementID)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}
