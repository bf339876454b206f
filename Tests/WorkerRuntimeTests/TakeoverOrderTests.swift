import Kafka
import Postgres
import Store
import Synchronization
import TestWaiting
import Testing

@testable import WorkerRuntime

@Suite(.timeLimit(.minutes(2))) struct TakeoverOrderTests {
    /// The last owner, whose revocation is still on its way, stores one more batch while the next
    /// owner looks for leftovers: either its events are published first, or the next owner's first
    /// batch is fenced. Otherwise the next owner's events would overtake them.
    @Test func aBatchStoredDuringTheTakeoverIsNotOvertaken() async throws {
        let stage = try await Stage.open()
        let place = TopicPartition(topic: stage.input, partition: 0)
        let role = try stage.role()
        let pool = stage.pool()
        let producer = try EventProducer(
            settings: stage.kafka, ends: role.ends, logger: stage.logger)
        let publisher = OutboxPublisher(
            producer: producer, pool: pool,
            metrics: WorkerMetrics(worker: stage.name, registry: role.metrics),
            crashPoints: role.crashPoints,
            logger: stage.logger)
        let takeover = PartitionTakeover(worker: stage.name, pool: pool, publisher: publisher)
        let lastOwner = try await PostgresConnection.connect(
            stage.databaseURL, logger: stage.logger)
        let outboxHolder = try await PostgresConnection.connect(
            stage.databaseURL, logger: stage.logger)

        let flag = Flag()
        var taking: Task<PartitionTakeover.Position, any Error>?
        try await lastOwner.transaction { batch in
            taking = try await outboxHolder.transaction { lock in
                try await lock.execute("lock table outbox in access exclusive mode")
                let taking = Task {
                    defer { flag.isUp.store(true, ordering: .releasing) }
                    return try await takeover.position(in: [place])
                }
                try await stage.wait(for: Self.waiting, toBe: { $0 == 1 })
                try await batch.execute(
                    "lock table consumer_offsets in access exclusive mode")
                return taking
            }
            // It has found no leftovers by now; it waits for the offsets, or has them.
            try await eventually("the takeover looks at the offsets") {
                let waiting = try await stage.number(Self.waiting)
                return flag.isUp.load(ordering: .acquiring) || waiting == 1
            }
            let event = OutgoingEvent(
                topic: stage.output, key: nil, value: Array("late".utf8), headers: [])
            _ = try await batch.run(
                AddToOutbox(
                    worker: stage.name, sources: ["\(stage.input)/0"], events: [event]))
            try await batch.execute("update consumer_offsets set next_offset = 1")
        }
        let position = try #require(try await taking?.value)
        let left = try await stage.number("select count(*) from outbox")
        #expect(position.offsets[place] == 0 || left == 0)
        await producer.close()
        await pool.close()
    }

    private static let waiting = """
        select count(*) from pg_locks join pg_database d on d.oid = database
        where not granted and datname = current_database()
        """

    private final class Flag: Sendable {
        let isUp = Atomic(false)
    }
}
