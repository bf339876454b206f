import Kafka
import Store
import TestServices
import TestWaiting
import Testing
import WorkerRuntime

/// Events of one key keep their order across an outage of the broker.
@Suite(.timeLimit(.minutes(2))) struct EventOrderTests {
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
        @Sendable func event(_ value: String) -> OutgoingEvent {
            OutgoingEvent(topic: "order", key: [1], value: Array(value.utf8), headers: [])
        }
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
        let reader = try KafkaReader(
            settings: KafkaSettings(brokers: mock.brokers), topics: ["order"], from: .beginning,
            logger: stage.logger)
        var values: [String] = []
        while values.count < 3 {
            values += try await reader.poll(maxRecords: 10, wait: .seconds(1))
                .map { String(decoding: $0.value, as: UTF8.self) }
        }
        await reader.close()
        await producer.close()
        #expect(values == ["0", "1", "2"])
    }
}
