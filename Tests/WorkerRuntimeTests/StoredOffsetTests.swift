import Kafka
import Logging
import Postgres
import Store
import TestServices
import TestWaiting
import Testing

@testable import WorkerRuntime

/// The offsets in PostgreSQL decide where a worker reads; those in Kafka follow them.
@Suite(.timeLimit(.minutes(3))) struct StoredOffsetTests {
    private func waitForPause(_ stage: Stage, _ reason: PauseReason) async throws {
        let sql = """
            select count(*) from consumer_offsets where paused_reason = '\(reason.rawValue)'
            """
        try await stage.wait(for: sql, toBe: { $0 == 1 })
    }

    @Test func anOffsetThatIsNoLongerInTheTopicPausesItsPartitionAndSkipsNothing() async throws {
        // The embedded broker answers such a fetch with no records instead of an error.
        let mock = try #require(MockCluster())
        mock.createTopic("range", partitions: 2)
        let stage = try await Stage.open().on(brokers: mock.brokers, input: "range")
        try await stage.connection.execute(
            """
            insert into consumer_offsets (worker, topic, partition, next_offset)
            values ('\(stage.name)', 'range', 0, 500)
            """)
        let values = (0..<20).map(String.init)
        try await stage.write(values)
        let loop = try stage.start(stage.worker())
        try await waitForPause(stage, .offsetGone)
        // The other partition is read on.
        let reader = try KafkaReader(
            settings: stage.kafka, topics: ["range"], from: .beginning, logger: stage.logger)
        var others: Set<String> = []
        var read = 0
        while read < values.count {
            for record in try await reader.poll(maxRecords: 100, wait: .seconds(1)) {
                read += 1
                if record.partition == 1 {
                    others.insert(String(decoding: record.value, as: UTF8.self))
                }
            }
        }
        await reader.close()
        try await stage.waitForEffects(others.count)
        try await loop.stop()
        #expect(try await Set(stage.effects()) == others)
        #expect(
            try await stage.number("select next_offset from consumer_offsets where partition = 0")
                == 500)
    }

    @Test func aLogThatEndsBeforeTheStoredOffsetPausesItsPartition() async throws {
        let stage = try await Stage.open()
        try await stage.write(["1", "2"])
        try await stage.connection.execute(
            """
            insert into consumer_offsets (worker, topic, partition, next_offset)
            values ('\(stage.name)', '\(stage.input)', 0, 500)
            """)
        let loop = try stage.start(
            stage.worker(), limits: BatchLimits(shortLogWait: .milliseconds(500)))
        try await waitForPause(stage, .offsetGone)
        try await stage.connection.run(
            ReleasePartition(
                worker: stage.name, topic: stage.input, partition: 0, offset: 0, actor: "ops",
                now: SystemClock().now()))
        try await stage.waitForEffects(2)
        try await loop.stop()
        #expect(try await stage.effects() == ["1", "2"])
    }

    @Test func aTopicMadeAnewPausesThePartitionAndLosesNoDeadLetter() async throws {
        let stage = try await Stage.open()
        let poison = "\(CountingWorker.unreadable)"
        try await stage.write(["1", poison + "-old"])
        let first = try stage.start(stage.worker())
        try await stage.waitForEffects(1)
        try await stage.waitForEmptyOutbox()
        try await first.stop()
        #expect(
            try await stage.number(
                "select count(*) from consumer_offsets where topic_id is not null "
                    + "and leader_epoch is not null") == 1)

        let admin = KafkaAdmin(settings: stage.kafka, logger: stage.logger)
        _ = try await admin.deleteTopics([stage.input])
        try await eventually("the topic is made anew") {
            let specification = TopicSpecification(name: stage.input, partitions: 1)
            return try await admin.createTopics([specification]).allSatisfy { $0.error == nil }
        }
        // The new topic has the stored offset, so no broker would answer with an error.
        try await stage.write(["2", poison + "-new", "3"])
        let second = try stage.start(stage.worker())
        try await waitForPause(stage, .topicReplaced)
        #expect(try await stage.effects() == ["1"])
        try await stage.connection.run(
            ReleasePartition(
                worker: stage.name, topic: stage.input, partition: 0, offset: 0, actor: "ops",
                now: SystemClock().now()))
        try await stage.waitForEffects(3)
        try await second.stop()
        #expect(try await stage.effects() == ["1", "2", "3"])
        let values = try await stage.connection.execute(
            "select record_value from dead_letters order by origin_topic_id")
        #expect(
            try Set(values.map { String(decoding: try $0.bytes(0), as: UTF8.self) })
                == [poison + "-old", poison + "-new"])
    }

    @Test func aTransactionsMarkerIsNoLag() async throws {
        let stage = try await Stage.open()
        try await TransactionalRecord.write("1", to: stage.input, brokers: stage.kafka.brokers)
        let loop = try stage.start(stage.worker())
        // The record has offset 0, the marker of its commit offset 1.
        try await stage.wait(
            for: "select coalesce(sum(next_offset), 0)::bigint from consumer_offsets",
            toBe: { $0 == 2 })
        try await eventually("no lag is shown") {
            stage.metrics.value(of: "tally_worker_lag_records") == 0
        }
        try await stage.write(["2"])
        try await stage.waitForEffects(2)
        try await loop.stop()
        #expect(try await stage.effects() == ["1", "2"])
    }

    @Test func kafkaGetsTheOffsetOfABatchOnlyOnceItsEffectIsStored() async throws {
        let stage = try await Stage.open()
        try await stage.write((0..<10).map(String.init))
        let first = try stage.start(stage.worker())
        try await stage.waitForEffects(10)
        try await first.stop()
        #expect(try await stage.committedOffset() == 10)

        try await stage.write((10..<20).map(String.init))
        let failing = stage.worker(onApply: { _, transaction in
            try await transaction.execute(
                "do $$ begin raise exception 'not now' using errcode = '40001'; end $$")
        })
        let second = try stage.start(failing)
        try await eventually("the batch is retried") {
            (stage.metrics.value(of: "tally_worker_retries_total") ?? 0) >= 2
        }
        try await second.stop()
        #expect(try await stage.number("select next_offset from consumer_offsets") == 10)
        #expect(try await stage.committedOffset() == 10)
    }
}
