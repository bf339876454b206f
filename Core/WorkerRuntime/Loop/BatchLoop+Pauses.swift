import Kafka
import Logging
import Postgres
import Store

extension BatchLoop {
    /// Where the partitions are read from; those that poison had paused are released where the
    /// configuration allows any number of dead letters.
    func position(
        in partitions: [TopicPartition], gone: [TopicPartition: String]
    ) async throws -> PartitionTakeover.Position {
        let position = try await takeover.position(in: partitions, gone: gone)
        let allowed = position.paused.filter { $0.value.reason == .poisonLimit }
        guard limits.poisonInARow == 0, !allowed.isEmpty else { return position }
        let (worker, now) = (worker.name, role.clock.now())
        for place in allowed.keys.sorted() {
            try await pool.withConnection { connection in
                _ = try await connection.run(
                    ReleasePartition(
                        worker: worker, topic: place.topic, partition: place.partition,
                        actor: "configuration: TALLY_POISON_LIMIT=0", now: now))
            }
        }
        return try await takeover.position(in: partitions, gone: gone)
    }

    /// Records the partitions that aren't read, and logs those that weren't paused before.
    func record(_ now: [TopicPartition: PausedPartition]) {
        for (place, pause) in now.sorted(by: { $0.key < $1.key }) where paused[place] != pause {
            logger.critical(
                "a partition is paused; the others are read on",
                metadata: [
                    "topic": "\(place.topic)", "partition": "\(place.partition)",
                    "offset": "\(pause.offset)", "reason": "\(pause.reason.rawValue)",
                    "detail": "\(pause.detail)",
                    "cure": "\(pause.cure(place, worker: worker.name))",
                ])
        }
        paused = now
        metrics.pausedPartitions = now.count
    }

    /// Whether an operator has released one of the paused partitions; looked up every two seconds.
    func isSomeReleased() async -> Bool {
        guard !paused.isEmpty, ContinuousClock.now - releasesLookedUpAt > .seconds(2) else {
            return false
        }
        releasesLookedUpAt = .now
        let worker = worker.name
        let rows = try? await pool.withConnection { connection in
            try await connection.run(PausedPartitions(worker: worker))
        }
        guard let rows else { return false }
        let still = Set(rows.map { TopicPartition(topic: $0.topic, partition: $0.partition) })
        return !still.isSuperset(of: paused.keys)
    }
}
