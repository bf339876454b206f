import Kafka
import Payments
import Postgres
import Store
import TestWaiting
import Testing
import WorkerRuntime

/// Too much poison in a row pauses the partition it is in, and nothing else.
@Suite(.timeLimit(.minutes(3))) struct PoisonPauseTests {
    /// Writes values to one partition of the stage's input.
    private func write(_ values: [String], to partition: Int32, on stage: Stage) async throws {
        let producer = try KafkaProducer(settings: stage.kafka, logger: stage.logger)
        _ = try await producer.send(
            values.map {
                ProducerRecord(topic: stage.input, partition: partition, value: Array($0.utf8))
            })
        await producer.close()
    }

    private func poison(_ range: Range<Int>) -> [String] {
        range.map { "\(CountingWorker.unreadable)\($0)" }
    }

    private func offset(_ partition: Int32, _ stage: Stage) async throws -> Int64 {
        try await stage.number(
            "select next_offset from consumer_offsets where partition = \(partition)")
    }

    private func release(_ stage: Stage, allowed: Int = 0) async throws {
        let released = try await stage.connection.run(
            ReleasePartition(
                worker: stage.name, topic: stage.input, partition: 0, allowed: allowed,
                actor: "ops", now: SystemClock().now()))
        #expect(released.count == 1)
    }

    private func waitForPause(_ stage: Stage, at offset: Int64) async throws {
        try await stage.wait(
            for: """
                select count(*) from consumer_offsets
                where paused_reason = 'poison_limit' and next_offset = \(offset)
                """, toBe: { $0 == 1 })
    }

    @Test func elevenHundredPoisonRecordsPauseTheirPartitionAlone() async throws {
        let stage = try await Stage.open(partitions: 2)
        try await write(poison(0..<1_100) + ["last"], to: 0, on: stage)
        let metrics = MetricsRegistry()
        let loop = try stage.start(stage.worker(), metrics: metrics)
        try await waitForPause(stage, at: 1_000)
        #expect(try await stage.number("select count(*) from dead_letters") == 1_000)
        try await eventually("the pause is shown") {
            metrics.value(of: "tally_worker_paused_partitions") == 1
        }
        // The other partition goes on, and so does the worker.
        try await write(["a", "b"], to: 1, on: stage)
        try await stage.waitForEffects(2)
        #expect(metrics.value(of: "tally_worker_ready") == 1)

        // A release is noticed without a restart, and the next thousand would pause it again.
        try await release(stage)
        try await stage.waitForEffects(3)
        try await eventually("the pause has ended") {
            metrics.value(of: "tally_worker_paused_partitions") == 0
        }
        try await loop.stop()
        #expect(try await stage.effects() == ["a", "b", "last"])
        #expect(try await stage.number("select count(*) from dead_letters") == 1_100)
        #expect(try await offset(0, stage) == 1_101)
        let audited = try await stage.connection.execute(
            "select actor, action, detail from audit_log")
        #expect(try audited.map { try $0.text(1) } == ["partition.release"])
        #expect(try audited[0].text(2).contains("poison_limit at offset 1000"))
    }

    @Test func aPauseIsRememberedAcrossARestart() async throws {
        let stage = try await Stage.open(partitions: 2)
        try await write(poison(0..<30), to: 0, on: stage)
        let limits = BatchLimits(records: 5, poisonInARow: 12)
        let first = try stage.start(stage.worker(), limits: limits)
        try await waitForPause(stage, at: 12)
        try await first.stop()
        let second = try stage.start(stage.worker(), limits: limits)
        try await write(["good"], to: 1, on: stage)
        try await stage.waitForEffects(1)
        try await second.stop()
        #expect(try await offset(0, stage) == 12)
        #expect(try await stage.number("select count(*) from dead_letters") == 12)

        // What an operator allows in advance is used up before the limit counts.
        try await release(stage, allowed: 5)
        let third = try stage.start(stage.worker(), limits: limits)
        try await waitForPause(stage, at: 29)
        try await third.stop()
        #expect(try await stage.number("select count(*) from dead_letters") == 29)
    }

    @Test func withoutALimitAPauseOfBeforeEnds() async throws {
        let stage = try await Stage.open()
        try await write(poison(0..<30) + ["good"], to: 0, on: stage)
        let first = try stage.start(
            stage.worker(), limits: BatchLimits(records: 5, poisonInARow: 12))
        try await waitForPause(stage, at: 12)
        try await first.stop()
        let second = try stage.start(
            stage.worker(), limits: BatchLimits(records: 5, poisonInARow: 0))
        try await stage.waitForEffects(1)
        try await second.stop()
        #expect(try await stage.number("select count(*) from dead_letters") == 30)
        #expect(
            try await stage.number("select count(*) from audit_log where actor like 'config%'")
                == 1)
    }
}
