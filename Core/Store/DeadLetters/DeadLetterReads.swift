public import Events
import Foundation
public import Payments
public import Postgres

extension EventID {
    /// Sorts before every other.
    static let lowest = EventID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
}

/// Letters by their identities; one that isn't there has no row.
public struct DeadLettersByID: PostgresStatement {
    let ids: [EventID]

    /// In no order.
    public init(_ ids: [EventID]) { self.ids = ids }

    public static let sql = """
        select \(DeadLetterLine.columns) from dead_letters d where dead_letter_id = any($1)
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(ids.map(\.uuid)) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}

/// A letter's record, and where it came from and went.
public struct DeadLetterRecordByID: PostgresStatement {
    /// What a list leaves out.
    public struct Row: Sendable {
        /// The record as it was.
        public let value: [UInt8]
        /// The record as it was.
        public let headers: [OutgoingEvent.Header]
        /// The letter that this one was before it was replayed.
        public let replayedFrom: EventID?
        /// The letters that this one became after it was replayed.
        public let cameBackAs: [EventID]
    }

    let id: EventID

    /// By its identity.
    public init(_ id: EventID) { self.id = id }

    public static let sql = """
        select record_value, record_headers, replayed_from,
            array(select b.dead_letter_id from dead_letters b
                where b.replayed_from = d.dead_letter_id order by b.created_at)
        from dead_letters d where dead_letter_id = $1
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(id.uuid) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            value: try row.bytes(0),
            headers: OutgoingEvent.unpackHeaders(try row.bytes(1)) ?? [],
            replayedFrom: try row.uuidOrNull(2).map(EventID.init),
            cameBackAs: try row.uuidArray(3).map(EventID.init))
    }
}

/// How many letters a filter means, by topic and reason.
public struct CountDeadLetters: PostgresStatement {
    /// One topic and reason.
    public struct Row: Sendable, Equatable {
        /// The topic.
        public let topic: String
        /// The reason.
        public let reason: String
        /// How many.
        public let count: Int64
        /// When the first of them was written.
        public let oldest: Timestamp
        /// When the last of them was written.
        public let newest: Timestamp

        /// One topic and reason.
        public init(
            topic: String, reason: String, count: Int64, oldest: Timestamp, newest: Timestamp
        ) {
            self.topic = topic
            self.reason = reason
            self.count = count
            self.oldest = oldest
            self.newest = newest
        }
    }

    let filter: DeadLetterFilter
    let limit: Int64?

    /// - Parameter limit: of the oldest, at most so many.
    public init(_ filter: DeadLetterFilter, limit: Int? = nil) {
        self.filter = filter
        self.limit = limit.map(Int64.init)
    }

    // Reads what it counts; which it is, the index of the filter tells.
    public static let sql = """
        select origin_topic, reason, count(*), min(created_at), max(created_at) from (
            select origin_topic, reason, created_at from dead_letters
            where status = $1 and ($2::text is null or origin_topic = $2)
                and (cardinality($3::text[]) = 0 or reason = any($3))
                and ($4::timestamptz is null or created_at >= $4)
                and ($5::bytea is null
                    or sha256(record_key) = sha256($5) and record_key = $5)
            order by created_at, dead_letter_id limit $6::bigint) as d
        group by origin_topic, reason order by origin_topic, reason
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(filter.status.rawValue)
        bindings.append(filter.topic)
        bindings.append(filter.reasons)
        bindings.append(filter.since)
        bindings.append(filter.key)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            topic: try row.text(0), reason: try row.text(1), count: try row.int64(2),
            oldest: try row.time(3), newest: try row.time(4))
    }
}

/// What was done by hand to one thing, the first first.
public struct AuditTrail: PostgresStatement {
    /// One entry.
    public struct Row: Sendable {
        /// Who did it.
        public let actor: String
        /// What.
        public let action: String
        /// More about it.
        public let detail: String
        /// When.
        public let at: Timestamp
    }

    let subject: String

    /// The last hundred of `subject`'s.
    public init(subject: String) { self.subject = subject }

    public static let sql = """
        select actor, action, detail, at from (
            select * from audit_log where subject = $1 order by audit_id desc limit 100) as a
        order by audit_id
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(subject) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            actor: try row.text(0), action: try row.text(1), detail: try row.text(2),
            at: try row.time(3))
    }
}
