public import Postgres

/// Stores a batch's events in the batch's own transaction, until they are published.
public struct AddToOutbox: PostgresStatement {
    let worker: String
    let sources: [String]
    let events: [OutgoingEvent]

    /// - Parameter sources: `topic/partition` of every partition of the batch; empty for events
    ///   that no record caused.
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
    /// The events to publish.
    public let events: [OutgoingEvent]

    /// A row that was just inserted.
    public init(id: Int64, events: [OutgoingEvent]) {
        self.id = id
        self.events = events
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> OutboxRow {
        let id = try row.int64(0)
        guard let events = OutgoingEvent.unpack(try row.bytes(1)) else {
            throw PostgresError.decoding("outbox row \(id) holds bytes that can't be unpacked")
        }
        return OutboxRow(id: id, events: events)
    }
}

/// The unpublished rows of a partition's last owner, oldest first, twenty at a time.
public struct LeftoverOutbox: PostgresStatement {
    let worker: String
    let sources: [String]
    let after: Int64

    /// - Parameters:
    ///   - sources: `topic/partition` of the partitions just assigned.
    ///   - after: the last row of the previous twenty; 0 at first.
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

/// A worker's rows that the process that stored them should have published by now, oldest first.
public struct StaleOutbox: PostgresStatement {
    let worker: String
    let olderThanSeconds: Int32

    /// Rows stored more than `olderThanSeconds` of real time ago.
    public init(worker: String, olderThanSeconds: Int32) {
        self.worker = worker
        self.olderThanSeconds = olderThanSeconds
    }

    public static let sql = """
        select outbox_id, events from outbox
        where worker = $1 and created_at < clock_timestamp() - make_interval(secs => $2)
        order by outbox_id limit 100
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(Double(olderThanSeconds))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> OutboxRow {
        try OutboxRow.decode(row)
    }
}

/// The age of a worker's oldest row, in seconds of real time; no row where the outbox is empty.
public struct OldestOutbox: PostgresStatement {
    let worker: String

    /// - Parameter worker: the worker's name.
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

/// Deletes rows whose events the broker has all acknowledged.
public struct DeleteFromOutbox: PostgresStatement {
    let ids: [Int64]

    /// The rows' keys.
    public init(ids: [Int64]) { self.ids = ids }

    public static let sql = "delete from outbox where outbox_id = any($1)"

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(ids) }

}
