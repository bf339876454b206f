public import Payments
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
        /// The consecutive records that had become dead letters when it was stored.
        public let consecutivePoison: Int32
        /// When it was stored, in real time.
        public let movedAt: Timestamp
    }

    let worker: String

    /// Every partition that `worker` has stored an offset of.
    public init(worker: String) { self.worker = worker }

    public static let sql = """
        select topic, partition, next_offset, poison_run, updated_at from consumer_offsets
        where worker = $1
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(worker) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            topic: try row.text(0), partition: try row.int32(1), nextOffset: try row.int64(2),
            consecutivePoison: try row.int32(3), movedAt: try row.time(4))
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

        /// From `seen`, where the batch started, to `next`, after its last record.
        public init(topic: String, partition: Int32, seen: Int64, next: Int64) {
            self.topic = topic
            self.partition = partition
            self.seen = seen
            self.next = next
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
            updated_at = clock_timestamp()
        from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[])
            as n (topic, partition, seen, next)
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
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 {
        try row.int32(0)
    }
}

/// Stores with a batch's offsets, in its transaction, how many dead letters it ended in.
public struct StoreConsecutivePoison: PostgresStatement {
    let worker: String
    let moves: [MoveOffsets.Move]
    let length: Int

    /// - Parameter length: the consecutive dead letters up to the batch's last record.
    public init(worker: String, moves: [MoveOffsets.Move], length: Int) {
        self.worker = worker
        self.moves = moves
        self.length = length
    }

    public static let sql = """
        update consumer_offsets as o set poison_run = $4
        from unnest($2::text[], $3::int[]) as n (topic, partition)
        where o.worker = $1 and o.topic = n.topic and o.partition = n.partition
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(moves.map(\.topic))
        bindings.append(moves.map(\.partition))
        bindings.append(Int32(length))
    }
}
