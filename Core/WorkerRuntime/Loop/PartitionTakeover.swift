import Kafka
import Postgres
import Store

/// Takes partitions over from their last owner: looks up the stored offsets, and publishes the
/// events that it left in the outbox before any new one, so that a partition's events keep their
/// order. Partitions that can't be read from their stored offset are paused.
struct PartitionTakeover: Sendable {
    private let worker: String
    private let topics: [String]
    private let pool: PostgresPool
    private let publisher: OutboxPublisher
    private let readTopicIDs: @Sendable ([String]) async -> [String: String]

    /// - Parameters:
    ///   - topics: the worker's.
    ///   - readTopicIDs: the topics' ids by name, without those that the broker gives no id of:
    ///     the stored ones hold for them.
    init(
        worker: String, topics: [String] = [], pool: PostgresPool, publisher: OutboxPublisher,
        readTopicIDs: @escaping @Sendable ([String]) async -> [String: String] = { _ in [:] }
    ) {
        self.worker = worker
        self.topics = topics
        self.pool = pool
        self.publisher = publisher
        self.readTopicIDs = readTopicIDs
    }

    /// Where the new owner starts.
    struct Position: Sendable {
        /// The stored offset of each partition that isn't paused.
        var offsets: [TopicPartition: Int64] = [:]
        /// The leader epoch of the record before it, where known.
        var leaderEpochs: [TopicPartition: Int32] = [:]
        /// The partitions that aren't read until an operator releases them.
        var paused: [TopicPartition: PausedPartition] = [:]
        /// The consecutive dead letters before that, of this or the last owner.
        var consecutivePoison = ConsecutivePoison()
        /// The topics' ids, where the broker gives them.
        var topicIDs: [String: String] = [:]
    }

    /// The position of newly assigned partitions, once the leftover events are published.
    /// - Parameter gone: partitions whose topic doesn't have the stored offset, and what the broker
    ///   answered.
    func position(
        in partitions: [TopicPartition], gone: [TopicPartition: String] = [:]
    ) async throws -> Position {
        await publisher.begin()
        let topicIDs = await readTopicIDs(topics)
        let worker = worker
        try await pool.withConnection { connection in
            _ = try await connection.run(
                EnsureOffsets(
                    worker: worker, topics: partitions.map(\.topic),
                    partitions: partitions.map(\.partition)))
            let known = topicIDs.sorted { $0.key < $1.key }
            _ = try await connection.run(
                StoreTopicIDs(worker: worker, topics: known.map(\.key), ids: known.map(\.value)))
        }
        // In this order: a batch that the last owner stores after the offsets were read fences our
        // first one, and the events of one stored before are among the leftovers.
        var rows = try await storedOffsets(of: partitions)
        let pauses = rows.compactMap { Self.pause($0, topicIDs, gone) }
        if !pauses.isEmpty {
            try await pool.withConnection { connection in
                _ = try await connection.run(PausePartitions(worker: worker, pauses: pauses))
            }
            rows = try await storedOffsets(of: partitions)
        }
        try await publishLeftovers(of: partitions)
        return Self.position(of: rows, topicIDs)
    }

    private func storedOffsets(of partitions: [TopicPartition]) async throws -> [StoredOffsets.Row]
    {
        let (worker, ours) = (worker, Set(partitions))
        return try await pool.withConnection { connection in
            try await connection.run(StoredOffsets(worker: worker))
        }.filter { ours.contains($0.place) }
    }

    /// The pause of a partition that can't be read from its stored offset.
    static func pause(
        _ row: StoredOffsets.Row, _ topicIDs: [String: String], _ gone: [TopicPartition: String]
    ) -> PausePartitions.Pause? {
        let replaced = row.topicID.flatMap { stored in
            topicIDs[row.topic].flatMap { now in
                stored == now
                    ? nil
                    : "the offset counts in the topic with id \(stored), the topic is now \(now)"
            }
        }
        guard let detail = replaced ?? gone[row.place], row.pauseReason == nil else { return nil }
        return PausePartitions.Pause(
            topic: row.topic, partition: row.partition, offset: row.nextOffset,
            reason: replaced == nil ? .offsetGone : .topicReplaced, detail: detail)
    }

    private static func position(
        of rows: [StoredOffsets.Row], _ topicIDs: [String: String]
    ) -> Position {
        var position = Position(topicIDs: topicIDs)
        var lengths: [TopicPartition: Int] = [:]
        for row in rows {
            if let reason = row.pauseReason {
                position.paused[row.place] = PausedPartition(
                    offset: row.nextOffset, reason: reason, detail: row.pauseDetail ?? "")
            } else {
                position.offsets[row.place] = row.nextOffset
                position.leaderEpochs[row.place] = row.leaderEpoch
            }
            lengths[row.place] = Int(row.consecutivePoison)
            if position.topicIDs[row.topic] == nil { position.topicIDs[row.topic] = row.topicID }
        }
        position.consecutivePoison = ConsecutivePoison(lengths: lengths)
        return position
    }

    private func publishLeftovers(of partitions: [TopicPartition]) async throws {
        let worker = worker
        let sources = partitions.map { "\($0.topic)/\($0.partition)" }
        var last: Int64 = 0
        while true {
            let after = last
            let rows = try await pool.withConnection { connection in
                try await connection.run(
                    LeftoverOutbox(worker: worker, sources: sources, after: after))
            }
            for row in rows {
                await publisher.publish(row)
                last = row.id
            }
            await publisher.drain()
            guard !rows.isEmpty else { return }
        }
    }
}

extension StoredOffsets.Row {
    var place: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}
