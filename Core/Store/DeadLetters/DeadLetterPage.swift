import Events
import Foundation
import Payments
import Postgres

/// One letter of a list: everything but the record's value and headers.
public struct DeadLetterLine: Sendable, Equatable {
    /// Its identity.
    public let id: EventID
    /// Which worker gave up on it.
    public let worker: String
    /// Where the record stands.
    public let topic: String
    /// Where the record stands.
    public let partition: Int32
    /// Where the record stands.
    public let offset: Int64
    /// The record's key.
    public let key: [UInt8]?
    /// Why, as a code.
    public let reason: String
    /// Why, in words.
    public let error: String
    /// How often it had been replayed before it came here.
    public let replayCount: Int32
    /// What has become of it.
    public let status: String
    /// When it was written.
    public let createdAt: Timestamp
    /// When it was replayed or discarded.
    public let handledAt: Timestamp?
    /// By whom.
    public let handledBy: String?
    /// Why it was given up, in the operator's words.
    public let handledBecause: String?

    /// Where it stands in the order of letters.
    public var place: DeadLetterPlace { DeadLetterPlace(createdAt: createdAt, id: id) }

    static let columns = """
        d.dead_letter_id, d.worker, d.origin_topic, d.origin_partition, d.origin_offset,
            d.record_key, d.reason, d.error, d.replay_count, d.status, d.created_at,
            d.handled_at, d.handled_by, d.handled_because
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        DeadLetterLine(
            id: EventID(try row.uuid(0)), worker: try row.text(1), topic: try row.text(2),
            partition: try row.int32(3), offset: try row.int64(4), key: try row.bytesOrNull(5),
            reason: try row.text(6), error: try row.text(7), replayCount: try row.int32(8),
            status: try row.text(9), createdAt: try row.time(10),
            handledAt: try row.timeOrNull(11), handledBy: try row.textOrNull(12),
            handledBecause: try row.textOrNull(13))
    }
}

/// A page of a filter's letters, oldest first: a keyset, so that the last page costs what the
/// first does.
public struct DeadLetterPage: Sendable {
    let filter: DeadLetterFilter
    let after: DeadLetterPlace
    let limit: Int32

    /// - Parameter after: the last letter of the page before.
    public init(_ filter: DeadLetterFilter, after: DeadLetterPlace? = nil, limit: Int) {
        let start = DeadLetterPlace(before: filter.since ?? Timestamp(microseconds: 0))
        self.filter = filter
        self.after = max(after ?? start, start)
        self.limit = Int32(clamping: limit)
    }

    /// Reads it with the statement whose index serves the filter.
    public func run(in transaction: PostgresTransaction) async throws -> [DeadLetterLine] {
        if let key = filter.key {
            return try await transaction.run(DeadLettersOfKey(page: self, key: key))
        }
        if filter.topic != nil || !filter.reasons.isEmpty {
            return try await transaction.run(DeadLettersOfKind(page: self))
        }
        return try await transaction.run(DeadLettersOfStatus(page: self))
    }

    fileprivate func bind(_ bindings: inout PostgresBindings) {
        bindings.append(filter.status.rawValue)
        bindings.append(after.createdAt)
        bindings.append(after.id.uuid)
        bindings.append(limit)
    }
}

/// A page of all letters of a status.
struct DeadLettersOfStatus: PostgresStatement {
    let page: DeadLetterPage

    static let sql = """
        select \(DeadLetterLine.columns) from dead_letters d
        where status = $1 and (created_at, dead_letter_id) > ($2, $3)
        order by created_at, dead_letter_id limit $4
        """

    func bind(_ bindings: inout PostgresBindings) { page.bind(&bindings) }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}

/// A page of the letters of a topic, of reasons, or of both.
struct DeadLettersOfKind: PostgresStatement {
    let page: DeadLetterPage

    // A skip scan finds the pairs of topic and reason that there are; each pair's letters come in
    // order from the index, and no more of them than the page can take.
    static let sql = """
        with recursive kinds as (
            (select origin_topic, reason from dead_letters where status = $1
             order by origin_topic, reason limit 1)
            union all
            select n.origin_topic, n.reason from kinds k cross join lateral (
                select origin_topic, reason from dead_letters
                where status = $1 and (origin_topic, reason) > (k.origin_topic, k.reason)
                order by origin_topic, reason limit 1) n
        )
        select \(DeadLetterLine.columns)
        from kinds k cross join lateral (
            select * from dead_letters l
            where l.status = $1 and l.origin_topic = k.origin_topic and l.reason = k.reason
                and (l.created_at, l.dead_letter_id) > ($2, $3)
            order by l.created_at, l.dead_letter_id limit $4) d
        where ($5::text is null or k.origin_topic = $5)
            and (cardinality($6::text[]) = 0 or k.reason = any($6))
        order by d.created_at, d.dead_letter_id limit $4
        """

    func bind(_ bindings: inout PostgresBindings) {
        page.bind(&bindings)
        bindings.append(page.filter.topic)
        bindings.append(page.filter.reasons)
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}

/// A page of the letters of a key.
struct DeadLettersOfKey: PostgresStatement {
    let page: DeadLetterPage
    let key: [UInt8]

    static let sql = """
        select \(DeadLetterLine.columns) from dead_letters d
        where status = $1 and sha256(record_key) = sha256($5::bytea) and record_key = $5
            and (created_at, dead_letter_id) > ($2, $3)
            and ($6::text is null or origin_topic = $6)
            and (cardinality($7::text[]) = 0 or reason = any($7))
        order by created_at, dead_letter_id limit $4
        """

    func bind(_ bindings: inout PostgresBindings) {
        page.bind(&bindings)
        bindings.append(key)
        bindings.append(page.filter.topic)
        bindings.append(page.filter.reasons)
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}
