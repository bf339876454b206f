public import Events
import Foundation
public import Payments
public import Postgres

/// A record that a worker couldn't process: where it came from, its bytes, and why.
public struct DeadLetter: Sendable, Equatable {
    /// Its identity.
    public let id: EventID
    /// Which worker gave up on it.
    public let worker: String
    /// Where the record stands.
    public let originTopic: String
    /// Where the record stands.
    public let originPartition: Int32
    /// Where the record stands.
    public let originOffset: Int64
    /// The record's key, unchanged.
    public let key: [UInt8]?
    /// The record's value, unchanged.
    public let value: [UInt8]
    /// The record's headers, unchanged.
    public let headers: [OutgoingEvent.Header]
    /// Why, as a code.
    public let reason: String
    /// Why, in words.
    public let error: String
    /// How often it had been replayed before it came here.
    public let replayCount: Int32
    /// Which letter it was before it was replayed, if it was one.
    public let replayedFrom: EventID?

    /// A letter by its parts.
    public init(
        id: EventID, worker: String, originTopic: String, originPartition: Int32,
        originOffset: Int64, key: [UInt8]?, value: [UInt8], headers: [OutgoingEvent.Header],
        reason: String, error: String, replayCount: Int32, replayedFrom: EventID? = nil
    ) {
        self.id = id
        self.worker = worker
        self.originTopic = originTopic
        self.originPartition = originPartition
        self.originOffset = originOffset
        self.key = key
        self.value = value
        self.headers = headers
        self.reason = reason
        self.error = error
        self.replayCount = replayCount
        self.replayedFrom = replayedFrom
    }
}

/// Stores a batch's dead letters, in the transaction that moves its offsets.
public struct AddDeadLetters: PostgresStatement {
    let letters: [DeadLetter]
    let now: Timestamp

    /// `now` is business time.
    public init(_ letters: [DeadLetter], now: Timestamp) {
        self.letters = letters
        self.now = now
    }

    public static let sql = """
        insert into dead_letters (dead_letter_id, worker, origin_topic, origin_partition,
            origin_offset, record_key, record_value, record_headers, reason, error,
            replay_count, replayed_from, created_at)
        select n.*, $13 from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[],
            $6::bytea[], $7::bytea[], $8::bytea[], $9::text[], $10::text[], $11::int[],
            $12::uuid[]) as n
        on conflict (worker, origin_topic, origin_partition, origin_offset) do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(letters.map(\.id.uuid))
        bindings.append(letters.map(\.worker))
        bindings.append(letters.map(\.originTopic))
        bindings.append(letters.map(\.originPartition))
        bindings.append(letters.map(\.originOffset))
        bindings.append(letters.map(\.key))
        bindings.append(letters.map(\.value))
        bindings.append(letters.map { OutgoingEvent.packHeaders($0.headers) })
        bindings.append(letters.map(\.reason))
        bindings.append(letters.map(\.error))
        bindings.append(letters.map(\.replayCount))
        bindings.append(letters.map { $0.replayedFrom?.uuid })
        bindings.append(now)
    }

}
