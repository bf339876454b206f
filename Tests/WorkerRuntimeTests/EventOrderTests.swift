import Kafka
import Store
import TestServices
import TestWaiting
import Testing
import WorkerRuntime

/// Events of one key keep their order across an outage of the broker.
@Suite(.timeLimit(.minutes(2))) struct EventOrderTests {
    @Test func whatAnOwnerAbandonedIsNotSentAfterTheNextOwnersEvents() async throws {
        let stage = try await Stage.open()
        let mock = try #require(MockCluster())
        mock.createTopic("order")
        let settings = KafkaSettings(brokers: mock.brokers)
        let (owner, next) = (
            try EventProducer(settings: settings, ends: ProducedEnds(), logger: stage.logger),
            try EventProducer(settings: settings, ends: ProducedEnds(), logger: stage.logger)
        )
        try await owner.publishOrDiscard([event("0")])
        mock.setDown(true)
        let publishing = Task { try await owner.publishOrDiscard([event("1"), event("2")]) }
        try await eventually("both wait for the broker") { owner.queueLength == 2 }
        publishing.cancel()
        await #expect(throws: CancellationError.self) { try await publishing.value }
        #expect(owner.queueLength == 0)
        mock.setDown(false)
        try await next.publishOrDiscard([event("1"), event("2"), event("3")])
        // The owner goes on with another client.
        try await owner.publishOrDiscard([event("4")])
        #expect(try await read(5, mock, stage) == ["0", "1", "2", "3", "4"])
        await owner.close()
        await next.close()
    }

    @Test func anEventIsNotOvertakenWhileTheBrokerIsUnavailable() async throws {
        let stage = try await Stage.open()
        let mock = try #require(MockCluster())
        mock.createTopic("order")
        let producer = try EventProducer(
            settings: KafkaSettings(
                brokers: mock.brokers,
                // With this limit the first event would fail, the second be stored, and the first
                // published again after it.
                options: ["message.timeout.ms": "1500"]),
            ends: ProducedEnds(), logger: stage.logger)
        try await producer.publish([event("0")])
        mock.setDown(true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let start = ContinuousClock.now
            group.addTask { try await producer.publish([event("1")]) }
            try await eventually("the first waits") { producer.queueLength == 1 }
            try await eventually("a second passes") { ContinuousClock.now - start > .seconds(1) }
            group.addTask { try await producer.publish([event("2")]) }
            try await eventually("the limit passes") { ContinuousClock.now - start > .seconds(3) }
            #expect(producer.queueLength == 2)
            mock.setDown(false)
            try await group.waitForAll()
        }
        await producer.close()
        #expect(try await read(3, mock, stage) == ["0", "1", "2"])
    }

    private func event(_ value: String) -> OutgoingEvent {
        OutgoingEvent(topic: "order", key: [1], value: Array(value.utf8), headers: [])
    }

    /// The values of the topic's first records.
    private func read(_ count: Int, _ mock: MockCluster, _ stage: Stage) async throws -> [String] {
        let reader = try KafkaReader(
            settings: KafkaSettings(brokers: mock.brokers), topics: ["order"], from: .beginning,
            logger: stage.logger)
        var values: [String] = []
        while values.count < count {
            values += try await reader.poll(maxRecords: 10, wait: .seconds(1))
                .map { String(decoding: $0.value, as: UTF8.self) }
        }
        await reader.close()
        return values
    }
}
