import Kafka
import Postgres
import Store

/// Takes partitions over from their last owner: looks up the stored offsets, and publishes the
/// events that it left in the outbox before any new one, so that a partition's events keep their
/// order.
struct PartitionTakeover: Sendable {
    let worker: String
    let pool: PostgresPool
    let publisher: OutboxPublisher

    /// Where the new owner starts.
    struct Position: Sendable {
        /// The stored offset of each partition.
        let offsets: [TopicPartition: Int64]
        /// The consecutive dead letters before that, of this or the last owner.
        let consecutivePoison: ConsecutivePoison
    }

    /// The position of newly assigned partitions, once the leftover events are published.
    func position(in partitions: [TopicPartition]) async throws -> Position {
        await publisher.begin()
        let worker = worker
        try await pool.withConnection { connection in
            _ = try await connection.run(
                EnsureOffsets(
                    worker: worker, topics: partitions.map(\.topic),
                    partitions: partitions.map(\.partition)))
        }
        // In this order: a batch that the last owner stores after the offsets were read fences our
        // first one, and the events of one stored before are among the leftovers.
        let rows = try await pool.withConnection { connection in
            try await connection.run(StoredOffsets(worker: worker))
        }
        try await publishLeftovers(of: partitions)
        let ours = Set(partitions)
        let found = rows.filter {
            ours.contains(TopicPartition(topic: $0.topic, partition: $0.partition))
        }
        let offsets = found.map { row in
            (TopicPartition(topic: row.topic, partition: row.partition), row.nextOffset)
        }
        // The run belongs to the worker, not to a partition: the last batch counts.
        let last = found.max { $0.movedAt < $1.movedAt }
        return Position(
            offsets: Dictionary(offsets) { first, _ in first },
            consecutivePoison: ConsecutivePoison(length: Int(last?.consecutivePoison ?? 0)))
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
