public import Events
public import Payments
public import Postgres

/// Marks open letters as replayed, writes down who did it, and returns their records to be sent
/// back: one statement a batch.
///
/// Two operators who take the same letters at once each get other ones: a letter that another
/// transaction holds is passed over.
public struct TakeForReplay: PostgresStatement {
    /// A letter to send back.
    public struct Row: Sendable {
        /// Its identity.
        public let id: EventID
        /// Where it goes.
        public let topic: String
        /// Where it was.
        public let partition: Int32
        /// Where it was.
        public let offset: Int64
        /// The record as it was.
        public let key: [UInt8]?
        /// The record as it was.
        public let value: [UInt8]
        /// The record as it was.
        public let headers: [OutgoingEvent.Header]
        /// How often it had been replayed before.
        public let replayCount: Int32
    }

    let ids: [EventID]
    let actor: String
    let now: Timestamp

    /// - Parameter actor: who does it.
    public init(_ ids: [EventID], actor: String, now: Timestamp) {
        self.ids = ids
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
                where dead_letter_id = any($1) and status = 'open' for update skip locked
            ))
            returning dead_letter_id, origin_topic, origin_partition, origin_offset, record_key,
                record_value, record_headers, replay_count
        ), noted as (
            insert into audit_log (actor, action, subject, detail, at)
            select $2, 'dead_letter.replay', dead_letter_id::text, origin_topic, $3 from taken
        )
        select * from taken
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(ids.map(\.uuid))
        bindings.append(actor)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            id: EventID(try row.uuid(0)), topic: try row.text(1), partition: try row.int32(2),
            offset: try row.int64(3), key: try row.bytesOrNull(4), value: try row.bytes(5),
            headers: OutgoingEvent.unpackHeaders(try row.bytes(6)) ?? [],
            replayCount: try row.int32(7))
    }
}

/// Marks open letters as given up, and writes down who did it and why; a row for each.
public struct DiscardDeadLetters: PostgresStatement {
    let ids: [EventID]
    let actor: String
    let because: String?
    let now: Timestamp

    /// - Parameters:
    ///   - actor: who does it.
    ///   - because: why, in the operator's words.
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
        ), noted as (
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

/// Writes down who did what by hand.
public struct AddToAuditLog: PostgresStatement {
    let actor: String
    let action: String
    let subject: String
    let detail: String
    let now: Timestamp

    /// One entry.
    public init(actor: String, action: String, subject: String, detail: String, now: Timestamp) {
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
        self.now = now
    }

    public static let sql = """
        insert into audit_log (actor, action, subject, detail, at) values ($1, $2, $3, $4, $5)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(actor)
        bindings.append(action)
        bindings.append(subject)
        bindings.append(detail)
        bindings.append(now)
    }
}
