import Events
import Foundation
import Payments
import Postgres

/// Takes open dead letters to replay, oldest first, and marks them so in the same statement.
///
/// Two operators who replay at once each get other letters.
public struct TakeForReplay: PostgresStatement {
    /// A letter to send back.
    public struct Row: Sendable {
        /// Its identity.
        public let id: EventID
        /// Where it goes.
        public let topic: String
        /// The record as it was.
        public let key: [UInt8]?
        /// The record as it was.
        public let value: [UInt8]
        /// The record as it was.
        public let headers: [OutgoingEvent.Header]
        /// How often it had been replayed before.
        public let replayCount: Int32
    }

    let reasons: [String]
    let limit: Int32
    let actor: String
    let now: Timestamp

    /// - Parameter reasons: only letters of these reasons; empty means all.
    public init(reasons: [String], limit: Int32, actor: String, now: Timestamp) {
        self.reasons = reasons
        self.limit = limit
        self.actor = actor
        self.now = now
    }

    // The array is made once and its rows found by key, whatever the limit turns out to be.
    public static let sql = """
        update dead_letters as d
        set status = 'replayed', handled_at = $4, handled_by = $3
        where d.dead_letter_id = any(array(
            select dead_letter_id from dead_letters
            where status = 'open' and (cardinality($1::text[]) = 0 or reason = any($1))
            order by created_at, dead_letter_id limit $2 for update skip locked
        ))
        returning d.dead_letter_id, origin_topic, record_key, record_value, record_headers,
            replay_count
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(reasons)
        bindings.append(limit)
        bindings.append(actor)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let headers = OutgoingEvent.unpackHeaders(try row.bytes(4)) ?? []
        return Row(
            id: EventID(try row.uuid(0)), topic: try row.text(1), key: try row.bytesOrNull(2),
            value: try row.bytes(3), headers: headers, replayCount: try row.int32(5))
    }
}

/// Marks open dead letters of some reasons as discarded; a row for each.
public struct DiscardDeadLetters: PostgresStatement {
    let reasons: [String]
    let actor: String
    let now: Timestamp

    /// - Parameter reasons: only letters of these reasons; empty means all.
    public init(reasons: [String], actor: String, now: Timestamp) {
        self.reasons = reasons
        self.actor = actor
        self.now = now
    }

    public static let sql = """
        update dead_letters set status = 'discarded', handled_at = $3, handled_by = $2
        where status = 'open' and (cardinality($1::text[]) = 0 or reason = any($1))
        returning dead_letter_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(reasons)
        bindings.append(actor)
        bindings.append(now)
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
