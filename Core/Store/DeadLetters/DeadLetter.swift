public import Events
import Foundation
public import Payments
public import Postgres

/// A record that a worker couldn't process: where it came from, its bytes, and why.
public struct DeadLetter: Sendable, Equatable {
    /// The dead letter's identity; header `dead-letter-id`.
    public let id: EventID
    /// The worker that couldn't process it.
    public let worker: String
    /// The record's topic.
    public let originTopic: String
    /// The broker's id of that topic, another one where the topic was made anew; empty where the
    /// broker gives none.
    public let originTopicID: String
    /// The record's partition.
    public let originPartition: Int32
    /// The record's offset.
    public let originOffset: Int64
    /// The record's key, unchanged.
    public let key: [UInt8]?
    /// The record's value, unchanged.
    public let value: [UInt8]
    /// The record's headers, unchanged.
    public let headers: [OutgoingEvent.Header]
    /// The reason as a stable code.
    public let reason: String
    /// What failed.
    public let error: String
    /// How often the record had been replayed before.
    public let replayCount: Int32
    /// The dead letter that the record was replayed from; `nil` if it wasn't replayed.
    public let replayedFrom: EventID?

    /// A dead letter of these parts; reason and error are made safe to store.
    public init(
        id: EventID, worker: String, originTopic: String, originTopicID: String = "",
        originPartition: Int32, originOffset: Int64, key: [UInt8]?, value: [UInt8],
        headers: [OutgoingEvent.Header], reason: String, error: String, replayCount: Int32,
        replayedFrom: EventID? = nil
    ) {
        self.id = id
        self.worker = worker
        self.originTopic = originTopic
        self.originTopicID = originTopicID
        self.originPartition = originPartition
        self.originOffset = originOffset
        self.key = key
        self.value = value
        self.headers = headers
        self.reason = reason.storable(bytes: 100)
        self.error = error.storable(bytes: 2_000)
        self.replayCount = replayCount
        self.replayedFrom = replayedFrom
    }
}

/// Stores a batch's dead letters, in the transaction that moves its offsets.
public struct AddDeadLetters: PostgresStatement {
    let deadLetters: [DeadLetter]
    let now: Timestamp

    /// - Parameter now: business time.
    public init(_ deadLetters: [DeadLetter], now: Timestamp) {
        self.deadLetters = deadLetters
        self.now = now
    }

    public static let sql = """
        insert into dead_letters (dead_letter_id, worker, origin_topic, origin_partition,
            origin_offset, record_key, record_value, record_headers, reason, error,
            replay_count, replayed_from, origin_topic_id, created_at)
        select n.*, $14 from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[],
            $6::bytea[], $7::bytea[], $8::bytea[], $9::text[], $10::text[], $11::int[],
            $12::uuid[], $13::text[]) as n
        on conflict (worker, origin_topic, origin_partition, origin_offset, origin_topic_id)
            do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(deadLetters.map(\.id.uuid))
        bindings.append(deadLetters.map(\.worker))
        bindings.append(deadLetters.map(\.originTopic))
        bindings.append(deadLetters.map(\.originPartition))
        bindings.append(deadLetters.map(\.originOffset))
        bindings.append(deadLetters.map(\.key))
        bindings.append(deadLetters.map(\.value))
        bindings.append(deadLetters.map { OutgoingEvent.packHeaders($0.headers) })
        bindings.append(deadLetters.map(\.reason))
        bindings.append(deadLetters.map(\.error))
        bindings.append(deadLetters.map(\.replayCount))
        bindings.append(deadLetters.map { $0.replayedFrom?.uuid })
        bindings.append(deadLetters.map(\.originTopicID))
        bindings.append(now)
    }

}
