public import Postgres

/// A worker's stored offsets.
public struct StoredOffsets: PostgresStatement {
    /// One partition's next offset.
    public struct Row: Sendable, Equatable {
        /// The topic.
        public let topic: String
        /// The partition.
        public let partition: Int32
        /// The offset of the first record whose effect isn't stored yet.
        public let nextOffset: Int64
        /// The partition's consecutive dead letters before it; below 0: how many an operator has
        /// allowed in advance.
        public let consecutivePoison: Int32
        /// The id of the topic that the offset counts in; `nil` where it isn't known.
        public let topicID: String?
        /// The leader epoch of the last record before the offset; `nil` where it isn't known.
        public let leaderEpoch: Int32?
        /// Why the partition is paused; `nil` where it is read.
        public let pauseReason: PauseReason?
        /// What was found when it was paused.
        public let pauseDetail: String?
    }

    let worker: String

    /// Every partition that `worker` has stored an offset of.
    public init(worker: String) { self.worker = worker }

    public static let sql = """
        select topic, partition, next_offset, poison_run, topic_id, leader_epoch, paused_reason,
            paused_detail
        from consumer_offsets where worker = $1
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(worker) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            topic: try row.text(0), partition: try row.int32(1), nextOffset: try row.int64(2),
            consecutivePoison: try row.int32(3), topicID: try row.textOrNull(4),
            leaderEpoch: try row.int32OrNull(5), pauseReason: try row.pauseReason(6),
            pauseDetail: try row.textOrNull(7))
    }
}

/// Inserts a worker's new partitions at offset 0.
public struct EnsureOffsets: PostgresStatement {
    let worker: String
    let topics: [String]
    let partitions: [Int32]

    /// `topics` and `partitions` are parallel.
    public init(worker: String, topics: [String], partitions: [Int32]) {
        self.worker = worker
        self.topics = topics
        self.partitions = partitions
    }

    public static let sql = """
        insert into consumer_offsets (worker, topic, partition, next_offset)
        select $1, topic, partition, 0 from unnest($2::text[], $3::int[]) as n (topic, partition)
        on conflict do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(topics)
        bindings.append(partitions)
    }

}

/// Moves the offsets of a batch by compare-and-set: the fencing of a partition.
///
/// It moves nothing of a partition whose stored offset isn't what the batch started from; the
/// caller compares the number of rows with the number of partitions and rolls back.
public struct MoveOffsets: PostgresStatement {
    /// One partition's move.
    public struct Move: Sendable, Equatable {
        /// The topic.
        public let topic: String
        /// The partition.
        public let partition: Int32
        /// The stored offset that the batch started from.
        public let seen: Int64
        /// The one after the batch's last record.
        public let next: Int64
        /// The leader epoch of that record; `nil` keeps the stored one.
        public let leaderEpoch: Int32?

        /// From `seen`, where the batch started, to `next`, after its last record.
        public init(
            topic: String, partition: Int32, seen: Int64, next: Int64, leaderEpoch: Int32? = nil
        ) {
            self.topic = topic
            self.partition = partition
            self.seen = seen
            self.next = next
            self.leaderEpoch = leaderEpoch
        }
    }

    let worker: String
    let moves: [Move]

    /// The moves of one batch, a partition at most once.
    public init(worker: String, moves: [Move]) {
        self.worker = worker
        self.moves = moves
    }

    public static let sql = """
        update consumer_offsets as o set next_offset = n.next, poison_run = 0,
            leader_epoch = coalesce(n.epoch, o.leader_epoch), updated_at = clock_timestamp()
        from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::int[])
            as n (topic, partition, seen, next, epoch)
        where o.worker = $1 and o.topic = n.topic and o.partition = n.partition
            and o.next_offset = n.seen
        returning o.partition
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(moves.map(\.topic))
        bindings.append(moves.map(\.partition))
        bindings.append(moves.map(\.seen))
        bindings.append(moves.map(\.next))
        bindings.append(moves.map(\.leaderEpoch))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 {
        try row.int32(0)
    }
}

/// Stores with a batch's offsets, in its transaction, the consecutive dead letters that each
/// partition's records ended in.
public struct StoreConsecutivePoison: PostgresStatement {
    /// One partition's count.
    public struct Run: Sendable, Equatable {
        /// The topic.
        public let topic: String
        /// The partition.
        public let partition: Int32
        /// The consecutive dead letters up to the batch's last record of the partition.
        public let length: Int

        /// A partition's count.
        public init(topic: String, partition: Int32, length: Int) {
            self.topic = topic
            self.partition = partition
            self.length = length
        }
    }

    let worker: String
    let runs: [Run]

    /// - Parameter runs: a partition at most once.
    public init(worker: String, runs: [Run]) {
        self.worker = worker
        self.runs = runs
    }

    public static let sql = """
        update consumer_offsets as o set poison_run = n.length
        from unnest($2::text[], $3::int[], $4::int[]) as n (topic, partition, length)
        where o.worker = $1 and o.topic = n.topic and o.partition = n.partition
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(runs.map(\.topic))
        bindings.append(runs.map(\.partition))
        bindings.append(runs.map { Int32(clamping: $0.length) })
    }
}
