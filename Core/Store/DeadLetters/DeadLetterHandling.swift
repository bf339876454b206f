public import Events
public import Payments
public import Postgres

/// Marks open dead letters as replayed, logs the operator, and returns their records for
/// publishing: one statement a batch.
///
/// Two operators never replay the same one: a dead letter that another transaction has locked is
/// skipped. So is a record that its topic wouldn't take with the replay's headers.
public struct TakeForReplay: PostgresStatement {
    /// A record to publish again.
    public struct Row: Sendable {
        /// The dead letter's identity.
        public let id: EventID
        /// The record's topic.
        public let topic: String
        /// The record's partition.
        public let partition: Int32
        /// The record's offset.
        public let offset: Int64
        /// The record's key, unchanged.
        public let key: [UInt8]?
        /// The record's value, unchanged.
        public let value: [UInt8]
        /// The record's headers, unchanged.
        public let headers: [OutgoingEvent.Header]
        /// How often the record had been replayed before.
        public let replayCount: Int32
    }

    let ids: [EventID]
    let largest: Int
    let actor: String
    let now: Timestamp

    /// - Parameters:
    ///   - largest: bytes of key, value and headers of the largest record that is taken.
    ///   - actor: the operator, for the audit log.
    public init(_ ids: [EventID], largest: Int, actor: String, now: Timestamp) {
        self.ids = ids
        self.largest = largest
        self.actor = actor
        self.now = now
    }

    // The array is made once and its rows found by key, however many there are.
    public static let sql = """
        with taken as (
            update dead_letters as d
            set status = 'replayed', handled_at = $3, handled_by = $2
            where d.dead_letter_id = any(array(
                select dead_letter_id from dead_letters
                where dead_letter_id = any($1) and status = 'open'
                    and coalesce(octet_length(record_key), 0) + octet_length(record_value)
                        + octet_length(record_headers) <= $4
                for update skip locked
            ))
            returning dead_letter_id, origin_topic, origin_partition, origin_offset, record_key,
                record_value, record_headers, replay_count
        ), logged as (
            insert into audit_log (actor, action, subject, detail, at)
            select $2, 'dead_letter.replay', dead_letter_id::text, origin_topic, $3 from taken
        )
        select * from taken
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(ids.map(\.uuid))
        bindings.append(actor)
        bindings.append(now)
        bindings.append(Int32(clamping: largest))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            id: EventID(try row.uuid(0)), topic: try row.text(1), partition: try row.int32(2),
            offset: try row.int64(3), key: try row.bytesOrNull(4), value: try row.bytes(5),
            headers: OutgoingEvent.unpackHeaders(try row.bytes(6)) ?? [],
            replayCount: try row.int32(7))
    }
}

/// Marks open dead letters as discarded, and logs the operator and the reason; a row for each.
public struct DiscardDeadLetters: PostgresStatement {
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
        with gone as (
            update dead_letters as d
            set status = 'discarded', handled_at = $3, handled_by = $2, handled_because = $4
            where d.dead_letter_id = any(array(
                select dead_letter_id from dead_letters
                where dead_letter_id = any($1) and status = 'open' for update skip locked
            ))
            returning dead_letter_id
        ), logged as (
            insert into audit_log (actor, action, subject, detail, at)
            select $2, 'dead_letter.discard', dead_letter_id::text, coalesce($4, ''), $3 from gone
        )
        select dead_letter_id from gone
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
