public import Events
import Foundation
public import Payments
public import Postgres

extension EventID {
    /// Sorts before every other.
    static let lowest = EventID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
}

/// Dead letters by identity; an unknown one has no row.
public struct DeadLettersByID: PostgresStatement {
    let ids: [EventID]

    /// The rows have no order.
    public init(_ ids: [EventID]) { self.ids = ids }

    public static let sql = """
        select \(DeadLetterLine.columns) from dead_letters d where dead_letter_id = any($1)
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(ids.map(\.uuid)) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}

/// A dead letter's record, and its replays.
public struct DeadLetterRecordByID: PostgresStatement {
    /// The fields that ``DeadLetterLine`` doesn't have.
    public struct Row: Sendable {
        /// The record's value, unchanged.
        public let value: [UInt8]
        /// The record's headers, unchanged.
        public let headers: [OutgoingEvent.Header]
        /// The dead letter that the record was replayed from; `nil` if it wasn't replayed.
        public let replayedFrom: EventID?
        /// The dead letters that its replays became, oldest first.
        public let failedAgainAs: [EventID]
    }

    let id: EventID

    /// - Parameter id: the dead letter's identity.
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
            failedAgainAs: try row.uuidArray(3).map(EventID.init))
    }
}

/// Counts a filter's dead letters by topic and reason.
public struct CountDeadLetters: PostgresStatement {
    /// One topic and reason.
    public struct Row: Sendable, Equatable {
        /// The topic.
        public let topic: String
        /// The reason.
        public let reason: String
        /// The number of dead letters.
        public let count: Int64
        /// When the oldest was stored.
        public let oldest: Timestamp
        /// When the newest was stored.
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

    /// - Parameter limit: counts only the oldest `limit`; `nil` for all.
    public init(_ filter: DeadLetterFilter, limit: Int? = nil) {
        self.filter = filter
        self.limit = limit.map(Int64.init)
    }

    // Reads the rows that it counts, by the filter's index.
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

/// The operators' actions on one subject, oldest first.
public struct AuditTrail: PostgresStatement {
    /// One entry.
    public struct Row: Sendable {
        /// The operator.
        public let actor: String
        /// The action's stable code.
        public let action: String
        /// Details; may be empty.
        public let detail: String
        /// When it was done.
        public let at: Timestamp
    }

    let subject: String

    /// The latest hundred actions on `subject`.
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
