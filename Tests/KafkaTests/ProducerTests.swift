import CRdKafka
import Embedded
import Foundation
import Kafka
import TestServices
import TestWaiting
import Testing

/// Records that can't be written at once.
@Suite(.timeLimit(.minutes(2))) struct ProducerTests {
    @Test func anUnavailableBrokerFailsRecordsUntilItAnswersAgain() async throws {
        let shared = try await Cluster.make()
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kafka-unavailable-\(UUID().uuidString)").path
        let broker = try await SandboxBrokerKind.selected().start(
            folder: folder, isTemporary: true)
        let settings = KafkaSettings(brokers: broker.brokers)
        let cluster = Cluster(
            settings: settings, admin: KafkaAdmin(settings: settings), logger: shared.logger)
        let topic = try await cluster.topic("unavailable")
        let limits = ProducerLimits(deliveryTimeout: .milliseconds(1500))
        let producer = try cluster.producer(limits)
        let record = ProducerRecord(topic: topic, value: [1])
        _ = try await producer.send([record])

        for pid in broker.pids {
            kill(pid, SIGSTOP)
            // The signal stops thread by thread: one that still runs may answer.
            try await Self.waitUntilStopped(pid)
        }
        let error = await #expect(throws: KafkaError.self) {
            _ = try await producer.send([record, record])
        }
        #expect(error?.isTransient == true)
        #expect(error?.failedCount == 2)
        #expect(producer.queueLength == 0)
        for pid in broker.pids { kill(pid, SIGCONT) }

        // As its owners do: a producer that the broker has fenced is replaced.
        var current = producer
        var stored: [Acknowledgement] = []
        for _ in 0..<20 where stored.isEmpty {
            do {
                stored = try await current.send([record])
            } catch {
                guard error.isFatal else { continue }
                await current.close()
                current = try cluster.producer(limits)
            }
        }
        #expect(stored.count == 1)
        await current.close()
        await broker.stop()
    }

    @Test func aTopicThatIsNotThereIsNotMade() async throws {
        let cluster = try await Cluster.make()
        let producer = try cluster.producer(ProducerLimits(deliveryTimeout: .milliseconds(1500)))
        let topic = "never-made-\(UUID().uuidString)"
        await #expect(throws: KafkaError.self) {
            _ = try await producer.send([ProducerRecord(topic: topic, value: [1])])
        }
        #expect(try await !cluster.admin.listTopics().map(\.name).contains(topic))
        await producer.close()
    }

    /// Returns when every thread of a process is stopped.
    private static func waitUntilStopped(_ pid: Int32) async throws {
        let tasks = "/proc/\(pid)/task"
        try await eventually("every thread is stopped") {
            let states = try FileManager.default.contentsOfDirectory(atPath: tasks).map { task in
                try String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
                    .split(separator: ")").last?.split(separator: " ").first
            }
            return states.allSatisfy { $0 == "T" }
        }
    }

    @Test func closingWithoutABrokerIsQuickAndLeavesNothingDangling() async throws {
        let logger = try await Cluster.make().logger
        let producer = try KafkaProducer(
            settings: KafkaSettings(brokers: "127.0.0.1:1"), logger: logger)
        let sending = Task {
            try await producer.send([ProducerRecord(topic: "t", value: [1])])
        }
        while producer.queueLength == 0 { await Task.yield() }
        let start = ContinuousClock.now
        await producer.close(within: .milliseconds(300))
        // A message's own limit is minutes.
        #expect(ContinuousClock.now - start < .seconds(30))
        let result = await sending.result
        #expect(throws: KafkaError.self) { try result.get() }
        #expect(!producer.isConnected)
        #expect(producer.lastError != nil)
        let error = await #expect(throws: KafkaError.self) {
            _ = try await producer.send([ProducerRecord(topic: "t", value: [1])])
        }
        #expect(error?.isTransient == false)
    }

    @Test func aFullQueueRefusesASendWhole() async throws {
        let logger = try await Cluster.make().logger
        let producer = try KafkaProducer(
            settings: KafkaSettings(brokers: "127.0.0.1:1"),
            limits: ProducerLimits(queuedMessages: 10), logger: logger)
        func records(_ count: Int) -> [ProducerRecord] {
            (0..<count).map { _ in ProducerRecord(topic: "t", value: [1]) }
        }
        let first = Task { try await producer.send(records(20)) }
        while producer.queueLength == 0 { await Task.yield() }
        #expect(producer.queueLength == 20)
        let error = await #expect(throws: KafkaError.self) {
            _ = try await producer.send(records(1))
        }
        #expect(error?.isQueueFull == true)
        #expect(error?.isTransient == true)
        #expect(producer.queueLength == 20)
        await producer.close(within: .zero)
        let result = await first.result
        #expect(throws: KafkaError.self) { try result.get() }
        #expect(producer.queueLength == 0)
    }

    @Test func oneBadRecordFailsAlone() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("bad")
        let producer = try cluster.producer(ProducerLimits(messageBytes: 10_000))
        let good = ProducerRecord(topic: topic, value: [1])
        let bad = ProducerRecord(topic: topic, value: Array(repeating: 0, count: 20_000))
        let error = await #expect(throws: KafkaError.self) {
            _ = try await producer.send([good, bad, good])
        }
        #expect(error?.name == "MSG_SIZE_TOO_LARGE")
        #expect(error?.failedCount == 1)
        #expect(error?.isTransient == false)
        #expect(producer.acknowledgedEnds == [TopicPartition(topic: topic, partition: 0): 2])
        #expect(try await producer.send([]).isEmpty)
        await producer.close()
        await producer.close()
    }

    @Test func transientErrorsAreRetriedAndFencingIsFatal() async throws {
        let mock = try #require(MockCluster())
        mock.createTopic("faults")
        let producer = try KafkaProducer(
            settings: KafkaSettings(brokers: mock.brokers),
            logger: try await Cluster.make().logger)
        let record = ProducerRecord(topic: "faults", value: [1])
        mock.failProduces([
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        ])
        #expect(try await producer.send([record]).map(\.offset) == [0])

        mock.failProduces([RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH])
        let error = await #expect(throws: KafkaError.self) {
            _ = try await producer.send([record])
        }
        #expect(error?.isFatal == true)
        #expect(error?.isTransient == false)
        await producer.close()
    }

    @Test func aTopicThatIsNotThereIsAnUnknownTopic() async throws {
        let cluster = try await Cluster.make()
        let producer = try cluster.producer(
            ProducerLimits(deliveryTimeout: .milliseconds(1500)))
        let partition = ProducerRecord(
            topic: try await cluster.topic("narrow"), partition: 7, value: [1])
        let error = await #expect(throws: KafkaError.self) {
            _ = try await producer.send([partition])
        }
        #expect(error?.isUnknownTopic == true)
        await producer.close()
    }
}
