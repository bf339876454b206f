import Kafka
import Postgres
import Store

/// Takes partitions over from their last owner: looks up where to go on, and publishes what it left
/// in the outbox before anything new, so that nothing of a partition is overtaken.
struct PartitionTakeover: Sendable {
    let worker: String
    let pool: PostgresPool
    let publisher: OutboxPublisher

    /// Where a worker stands.
    struct Position: Sendable {
        /// The stored offset of each partition.
        let offsets: [TopicPartition: Int64]
        /// The dead letters that it, or its last owner, has just made in a row.
        let consecutivePoison: ConsecutivePoison
    }

    func position(in partitions: [TopicPartition]) async throws -> Position {
        await publisher.begin()
        let worker = worker
        try await pool.withConnection { connection in
            _ = try await connection.run(
                EnsureOffsets(
                    worker: worker, topics: partitions.map(\.topic),
                    partitions: partitions.map(\.partition)))
        }
        // In this order: what the last owner stores after the offsets were read fences the first
        // batch, and what it stored before is found among the leftovers.
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
        // The run is the worker's, not a partition's: what counts is the last batch.
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
