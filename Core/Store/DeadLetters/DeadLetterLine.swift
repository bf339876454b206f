public import Events
public import Payments
import Postgres

/// A dead letter in a list: without the record's value and headers.
public struct DeadLetterLine: Sendable, Equatable {
    /// The dead letter's identity.
    public let id: EventID
    /// The worker that couldn't process it.
    public let worker: String
    /// The record's topic.
    public let topic: String
    /// The record's partition.
    public let partition: Int32
    /// The record's offset.
    public let offset: Int64
    /// The record's key.
    public let key: [UInt8]?
    /// The reason as a stable code.
    public let reason: String
    /// What failed.
    public let error: String
    /// How often the record had been replayed before.
    public let replayCount: Int32
    /// `open`, `replayed` or `discarded`.
    public let status: String
    /// When it was stored.
    public let createdAt: Timestamp
    /// When it was replayed or discarded.
    public let handledAt: Timestamp?
    /// The operator who did.
    public let handledBy: String?
    /// The operator's reason for discarding it.
    public let handledBecause: String?

    /// Its place in the order of dead letters.
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
