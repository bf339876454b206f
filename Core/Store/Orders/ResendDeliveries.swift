public import Events
public import Payments
public import Postgres

/// Makes deliveries due at once, with a whole retry schedule before them, and logs the operator; a
/// row for each.
///
/// The id stays the same, so a receiver that has it already recognises the repeat. One that is in
/// flight is left out: its attempt decides.
public struct ResendDeliveries: PostgresStatement {
    let ids: [EventID]
    let actor: String
    let because: String?
    let now: Timestamp

    /// - Parameters:
    ///   - actor: the operator, for the audit log.
    ///   - because: the operator's reason.
    public init(_ ids: [EventID], actor: String, because: String?, now: Timestamp) {
        self.ids = ids
        self.actor = actor
        self.because = because
        self.now = now
    }

    public static let sql = """
        with resent as (
            update deliveries as d set status = 'pending', resent_after = d.attempt,
                next_attempt_at = $3, lease_until = null
            where d.delivery_id = any(array(
                select delivery_id from deliveries where delivery_id = any($1)
                    and (lease_until is null or lease_until < clock_timestamp())
                for update skip locked
            ))
            returning delivery_id
        ), logged as (
            insert into audit_log (actor, action, subject, detail, at)
            select $2, 'delivery.resend', delivery_id::text, coalesce($4, ''), $3 from resent
        )
        select delivery_id from resent
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(ids.map(\.uuid))
        bindings.append(actor)
        bindings.append(now)
        bindings.append(because)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> EventID {
        EventID(try row.uuid(0))
    }
}
