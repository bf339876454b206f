public import Postgres

/// Stores what a batch owes the broker, in the batch's own transaction.
public struct AddToOutbox: PostgresStatement {
    let worker: String
    let sources: [String]
    let events: [OutgoingEvent]

    /// - Parameter sources: `topic/partition` of every partition the batch came from; empty for
    ///   what no record caused.
    public init(worker: String, sources: [String], events: [OutgoingEvent]) {
        self.worker = worker
        self.sources = sources
        self.events = events
    }

    public static let sql = """
        insert into outbox (worker, sources, events, event_count) values ($1, $2, $3, $4)
        returning outbox_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(sources)
        bindings.append(OutgoingEvent.pack(events))
        bindings.append(Int32(events.count))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

/// A row of the outbox.
public struct OutboxRow: Sendable {
    /// Its key; rows of one partition are produced in this order.
    public let id: Int64
    /// What it owes.
    public let events: [OutgoingEvent]

    /// A row that was just added.
    public init(id: Int64, events: [OutgoingEvent]) {
        self.id = id
        self.events = events
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> OutboxRow {
        let id = try row.int64(0)
        guard let events = OutgoingEvent.unpack(try row.bytes(1)) else {
            throw PostgresError.decoding("outbox row \(id) holds bytes that no build wrote")
        }
        return OutboxRow(id: id, events: events)
    }
}

/// The rows that a partition's last owner left behind, oldest first, some at a time.
public struct LeftoverOutbox: PostgresStatement {
    let worker: String
    let sources: [String]
    let after: Int64

    /// - Parameters:
    ///   - sources: `topic/partition` of the partitions just assigned.
    ///   - after: the last row of the time before; 0 at first.
    public init(worker: String, sources: [String], after: Int64) {
        self.worker = worker
        self.sources = sources
        self.after = after
    }

    public static let sql = """
        select outbox_id, events from outbox
        where worker = $1 and sources && $2 and outbox_id > $3
        order by outbox_id limit 20
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(sources)
        bindings.append(after)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OutboxRow {
        try OutboxRow.decode(row)
    }
}

/// Locks the rows of a worker that have waited too long for whoever made them, oldest first; rows
/// that another transaction holds are passed over.
public struct StaleOutbox: PostgresStatement {
    let worker: String
    let olderThanSeconds: Int32

    /// Rows made more than `olderThanSeconds` of real time ago.
    public init(worker: String, olderThanSeconds: Int32) {
        self.worker = worker
        self.olderThanSeconds = olderThanSeconds
    }

    public static let sql = """
        select outbox_id, events from outbox
        where worker = $1 and created_at < clock_timestamp() - make_interval(secs => $2)
        order by outbox_id limit 100 for update skip locked
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(Double(olderThanSeconds))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OutboxRow {
        try OutboxRow.decode(row)
    }
}

/// How long a worker's oldest row has waited, in seconds of real time; no row where none waits.
public struct OldestOutbox: PostgresStatement {
    let worker: String

    /// Of one worker.
    public init(worker: String) { self.worker = worker }

    public static let sql = """
        select extract(epoch from clock_timestamp() - created_at)::double precision
        from outbox where worker = $1 order by outbox_id limit 1
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(worker) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Double {
        try row.double(0)
    }
}

/// Removes rows whose events the broker has acknowledged, every one.
public struct DeleteFromOutbox: PostgresStatement {
    let ids: [Int64]

    /// The rows' keys.
    public init(ids: [Int64]) { self.ids = ids }

    public static let sql = "delete from outbox where outbox_id = any($1)"

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(ids) }

}
