public import Events
public import Payments
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
