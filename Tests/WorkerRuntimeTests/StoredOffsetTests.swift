import Kafka
import Logging
import Postgres
import TestServices
import TestWaiting
import Testing

@testable import WorkerRuntime

/// The offsets in PostgreSQL decide where a worker reads; those in Kafka follow them.
@Suite(.timeLimit(.minutes(3))) struct StoredOffsetTests {
    @Test func anOffsetThatIsNoLongerInTheTopicStopsTheWorkerAndSkipsNothing() async throws {
        // The embedded broker answers such a fetch with no records instead of an error.
        let mock = try #require(MockCluster())
        mock.createTopic("range")
        let stage = try await Stage.open().on(brokers: mock.brokers, input: "range")
        try await stage.write(["1", "2"])
        try await stage.connection.execute(
            """
            insert into consumer_offsets (worker, topic, partition, next_offset)
            values ('\(stage.name)', 'range', 0, 500)
            """)
        let loop = try stage.start(stage.worker())
        let error = await #expect(throws: KafkaError.self) {
            try await loop.ended(within: .seconds(60))
        }
        #expect(error?.isOffsetOutOfRange == true)
        #expect(error?.topicPartition == TopicPartition(topic: "range", partition: 0))
        #expect(try await stage.effects() == [])
        #expect(try await stage.number("select next_offset from consumer_offsets") == 500)
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
