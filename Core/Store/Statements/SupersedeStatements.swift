public import Payments
public import Postgres

/// Supersedes the earlier versions of a statement's day and account: their open differences are
/// resolved, and what they matched is unmatched again unless it is settled. Waits for a command
/// that compares one of them again.
public struct SupersedeStatements: PostgresStatement {
    let statementID: String
    let now: Timestamp

    /// - Parameter statementID: the version that replaces them; run before it is compared.
    public init(statementID: String, now: Timestamp) {
        self.statementID = statementID
        self.now = now
    }

    public static let sql = """
        with earlier as (
            select e.statement_id from statements s join statements e
                on e.channel = s.channel and e.account = s.account and e.day = s.day
                    and e.statement_id <> s.statement_id and e.status = 'complete'
            where s.statement_id = $1 for update of e
        ), closed as (
            update differences d set status = 'resolved', resolved_at = $2,
                resolution = 'superseded by ' || $1
            from earlier e where d.statement_id = e.statement_id and d.status <> 'resolved'
        ), trades as (
            update orders o set matched_statement_id = null, matched_day = null
            from earlier e
            where o.matched_statement_id = e.statement_id and o.settlement_id is null
        )
        update refunds r set matched_statement_id = null, matched_day = null
        from earlier e
        where r.matched_statement_id = e.statement_id and r.settlement_id is null
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(statementID)
        bindings.append(now)
    }
}
