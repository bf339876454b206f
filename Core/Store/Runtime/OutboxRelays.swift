public import Foundation
public import Postgres

/// Takes or renews the lease under which one process at a time relays a worker's leftover outbox
/// rows; a row where this holder has it.
public struct ClaimOutboxRelay: PostgresStatement {
    let worker: String
    let holder: UUID

    /// - Parameter holder: the process; it renews the lease while it relays, for 30 s each time.
    public init(worker: String, holder: UUID) {
        self.worker = worker
        self.holder = holder
    }

    public static let sql = """
        insert into outbox_relays as r (worker, holder, lease_until)
        values ($1, $2, clock_timestamp() + interval '30 seconds')
        on conflict (worker) do update
            set holder = excluded.holder, lease_until = excluded.lease_until
            where r.holder = excluded.holder or r.lease_until < clock_timestamp()
        returning r.holder
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(holder)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> UUID {
        try row.uuid(0)
    }
}

/// Ends a holder's lease.
public struct EndOutboxRelay: PostgresStatement {
    let worker: String
    let holder: UUID

    /// - Parameter holder: the process that has the lease.
    public init(worker: String, holder: UUID) {
        self.worker = worker
        self.holder = holder
    }

    public static let sql = "delete from outbox_relays where worker = $1 and holder = $2"

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(holder)
    }
}
