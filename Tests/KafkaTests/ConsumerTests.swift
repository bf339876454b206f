import Embedded
import Foundation
import Kafka
import TestServices
import TestWaiting
import Testing

/// Reading as a member of a group.
@Suite(.timeLimit(.minutes(2))) struct ConsumerTests {
    @Test func readsFromTheOffsetThatItsOwnerNames() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("assign", partitions: 2)
        try await cluster.fill(topic, 100, partition: 0)
        try await cluster.fill(topic, 100, partition: 1)
        let consumer = try cluster.consumer(topic, group: await cluster.group())
        let partitions = try await consumer.waitForAssignment()
        let first = TopicPartition(topic: topic, partition: 0)
        let second = TopicPartition(topic: topic, partition: 1)
        #expect(partitions == [first, second])
        // Its owner takes its time; nothing is read meanwhile.
        for _ in 0..<5 {
            let event = try await consumer.poll(maxRecords: 10, wait: .milliseconds(100))
            guard case .idle = event else { throw TimedOut(what: "an idle poll") }
        }
        try await consumer.assign([first: 90, second: KafkaOffset.beginning])
        let read = try await consumer.read(110)
        #expect(read.filter { $0.partition == 0 }.map(\.offset) == Array(90..<100))
        #expect(read.filter { $0.partition == 1 }.map(\.offset) == Array(0..<100))
        #expect(await consumer.endOffsets() == [first: 100, second: 100])

        try await consumer.commit([first: 100, second: 100])
        try await consumer.seek(first, to: 95)
        #expect(try await consumer.read(5).map(\.offset) == Array(95..<100))

        // The same again, as after a transaction that was rolled back.
        try await consumer.assign([first: 98, second: 99])
        let again = try await consumer.read(3).sorted { $0.topicPartition < $1.topicPartition }
        #expect(again.map(\.offset) == [98, 99, 99])
        await consumer.close()
    }

    @Test(arguments: [true, false])
    func aMemberWhoseOwnerIsBusyHoldsUpNobody(duringItsTakeover: Bool) async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("busy", partitions: 2)
        try await cluster.fill(topic, 100)
        let group = await cluster.group()
        let busy = try cluster.consumer(topic, group: group)
        let partitions = try await busy.waitForAssignment()
        if !duringItsTakeover {
            try await busy.assign(Dictionary(uniqueKeysWithValues: partitions.map { ($0, 0) }))
            _ = try await busy.read(10, maxRecords: 10)
        }
        // From here its owner neither assigns nor polls.
        let other = try cluster.consumer(topic, group: group)
        #expect(try await other.waitForAssignment(within: .seconds(40)).count == 1)
        // What it does with its revoked partitions now has no effect, and the news waits for it.
        try await busy.assign(Dictionary(uniqueKeysWithValues: partitions.map { ($0, 50) }))
        var news: [ConsumerEvent] = []
        while news.count < 2 {
            let event = try await busy.poll(maxRecords: 10, wait: .milliseconds(200))
            if case .revoked = event { news.append(event) }
            if case .assigned = event { news.append(event) }
        }
        guard case .revoked = news[0], case .assigned(let now) = news[1] else {
            throw TimedOut(what: "a revocation and an assignment")
        }
        #expect(now.count == 1)
        await busy.close()
        await other.close()
    }

    @Test func recordsHeldWhileTheOwnerIsBusyAreNeitherLostNorRepeated() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("held")
        let group = await cluster.group()
        let consumer = try cluster.consumer(
            topic, group: group, limits: ConsumerLimits(batchBytes: 20_000))
        let place = try await consumer.waitForAssignment()[0]
        try await consumer.assign([place: KafkaOffset.beginning])
        try await cluster.fill(topic, 5_000)
        var offsets = try await consumer.read(100, maxRecords: 100).map(\.offset)
        // Longer than the second after which its thread polls for its owner.
        let longer = ContinuousClock.now + .seconds(3)
        try await eventually("its thread polls") { ContinuousClock.now > longer }
        while offsets.count < 5_000 {
            offsets += try await consumer.read(1, maxRecords: 500).map(\.offset)
        }
        #expect(offsets == Array(0..<5_000))
        await consumer.close()
    }

    @Test func aPartitionThatIsHeldAtARebalanceAndComesBackIsReadAgain() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("returned", partitions: 2)
        for partition in Int32(0)..<2 { try await cluster.fill(topic, 5_000, partition: partition) }
        let group = await cluster.group()
        let owner = try cluster.consumer(
            topic, group: group, limits: ConsumerLimits(batchBytes: 20_000))
        let partitions = try await owner.waitForAssignment()
        try await owner.assign(
            Dictionary(uniqueKeysWithValues: partitions.map { ($0, KafkaOffset.beginning) }))
        _ = try await owner.read(100, maxRecords: 100)
        // From here its owner is busy: its thread holds both back, and answers the rebalance.
        let other = try cluster.consumer(topic, group: group)
        _ = try await other.waitForAssignment(within: .seconds(40))
        let place = try await owner.waitForAssignment(within: .seconds(40))[0]
        try await owner.assign([place: 100])
        let offsets = try await owner.read(4_900, maxRecords: 500).map(\.offset)
        #expect(offsets == Array(100..<5_000))
        await owner.close()
        await other.close()
    }

    @Test func theEndAfterATransactionsMarkerIsReturned() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("marked")
        try await TransactionalRecord.write("1", to: topic, brokers: cluster.settings.brokers)
        let consumer = try cluster.consumer(topic, group: await cluster.group())
        let place = try await consumer.waitForAssignment()[0]
        try await consumer.assign([place: KafkaOffset.beginning])
        #expect(try await consumer.read(1).map(\.offset) == [0])
        var ends: [TopicPartition: Int64] = [:]
        try await eventually("the end is returned") {
            if case .ends(let some) = try await consumer.poll(
                maxRecords: 1, wait: .milliseconds(100))
            {
                ends = some
            }
            return !ends.isEmpty
        }
        #expect(ends == [place: 2])
        await consumer.close()
    }

    @Test func aPauseHoldsRecordsBackAndKeepsTheMembership() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("pause")
        try await cluster.fill(topic, 1000)
        let place = TopicPartition(topic: topic, partition: 0)
        var settings = cluster.settings
        settings.options["session.timeout.ms"] = "6000"
        settings.options["max.poll.interval.ms"] = "6000"
        let consumer = try KafkaConsumer(
            settings: settings, group: await cluster.group(), topics: [topic],
            logger: cluster.logger)
        _ = try await consumer.waitForAssignment()
        try await consumer.assign([place: 0])
        let before = try await consumer.read(10, maxRecords: 10)
        try await consumer.pause([place])
        // Longer than both time limits, without a single poll.
        let longer = ContinuousClock.now + .seconds(8)
        try await eventually("both time limits are over") { ContinuousClock.now > longer }
        let end = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < end {
            switch try await consumer.poll(maxRecords: 10, wait: .milliseconds(100)) {
            case .idle, .ends: break
            default: throw TimedOut(what: "an idle poll")
            }
        }
        try await consumer.resume([place])
        let after = try await consumer.read(1000 - before.count)
        #expect((before + after).map(\.offset) == Array(0..<1000))
        await consumer.close()
    }

    @Test func aMissingOffsetIsAnErrorThatNamesThePartition() async throws {
        let cluster = try await Cluster.make()
        // The embedded broker answers with no records instead.
        let mock = try #require(MockCluster())
        mock.createTopic("range")
        let consumer = try KafkaConsumer(
            settings: KafkaSettings(brokers: mock.brokers), group: "range", topics: ["range"],
            logger: cluster.logger)
        let place = try await consumer.waitForAssignment()[0]
        try await consumer.assign([place: 5000])
        let error = await #expect(throws: KafkaError.self) {
            _ = try await consumer.read(1)
        }
        #expect(error?.isOffsetOutOfRange == true)
        #expect(error?.topicPartition == place)
        await consumer.close()
    }

    @Test func twoConsumersShareAndHandOver() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("share", partitions: 4)
        let group = await cluster.group()
        let seen = SeenRecords()
        let first = Member(try cluster.consumer(topic, group: group), seen)
        async let firstRun: Void = first.run()
        await seen.waitUntil { $0.owned(by: first.id) == 4 }
        for partition in Int32(0)..<4 { try await cluster.fill(topic, 250, partition: partition) }
        await seen.waitUntil { $0.count == 1000 }

        // It joins when it is made.
        let second = Member(try cluster.consumer(topic, group: group), seen)
        async let secondRun: Void = second.run()
        await seen.waitUntil {
            $0.owned(by: first.id) == 2 && $0.owned(by: second.id) == 2
        }
        for partition in Int32(0)..<4 { try await cluster.fill(topic, 250, partition: partition) }
        await seen.waitUntil { $0.count == 2000 }

        first.stop()
        try await firstRun
        await seen.waitUntil { $0.owned(by: second.id) == 4 }
        for partition in Int32(0)..<4 { try await cluster.fill(topic, 250, partition: partition) }
        await seen.waitUntil { $0.count == 3000 }
        second.stop()
        try await secondRun
        #expect(seen.repeats == 0)
    }

    @Test func closingIsQuickWhileAnAssignmentWaits() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("quick")
        let clock = ContinuousClock()
        // librdkafka alone takes more than five seconds for each. The quickest of three: a busy
        // machine may delay one.
        var quickest = Duration.seconds(60)
        for _ in 0..<3 where quickest >= .milliseconds(4_500) {
            let consumer = try cluster.consumer(topic, group: await cluster.group())
            _ = try await consumer.waitForAssignment()
            quickest = min(quickest, await clock.measure { await consumer.close() })
            await #expect(throws: KafkaError.self) {
                try await consumer.poll(maxRecords: 1, wait: .zero)
            }
        }
        #expect(quickest < .milliseconds(4_500))
    }

    @Test func aConsumerThatNeverJoinedCloses() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("early")
        let never = try cluster.consumer(topic, group: await cluster.group())
        // librdkafka waits for a join in flight, for five seconds at most.
        let taken = await ContinuousClock().measure { await never.close() }
        #expect(taken < .seconds(30))
    }

    @Test func aTopicThatComesLaterIsFound() async throws {
        let cluster = try await Cluster.make()
        let topic = await cluster.group()
        let consumer = try cluster.consumer(topic, group: await cluster.group())
        let error = await #expect(throws: KafkaError.self) {
            while true { _ = try await consumer.poll(maxRecords: 1, wait: .seconds(1)) }
        }
        #expect(error?.isUnknownTopic == true)
        #expect(error?.isTransient == true)
        let results = try await cluster.admin.createTopics([
            TopicSpecification(name: topic, partitions: 2)
        ])
        #expect(results.map(\.error) == [nil])
        #expect(try await consumer.waitForAssignment(within: .seconds(60)).count == 2)
        await consumer.close()
    }

    @Test func aFrozenBrokerDoesNotHoldUpClosing() async throws {
        let logger = try await Cluster.make().logger
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kafka-frozen-\(UUID().uuidString)").path
        let broker = try await SandboxBrokerKind.selected().start(
            folder: folder, isTemporary: true)
        let settings = KafkaSettings(brokers: broker.brokers)
        let cluster = Cluster(
            settings: settings, admin: KafkaAdmin(settings: settings), logger: logger)
        let topic = try await cluster.topic("frozen")
        try await cluster.fill(topic, 10)
        let consumer = try cluster.consumer(topic, group: "frozen")
        let reader = try cluster.reader(topic)
        let place = try await consumer.waitForAssignment()[0]
        try await consumer.assign([place: 0])
        _ = try await consumer.read(10)
        _ = try await reader.read(10)
        for pid in broker.pids { kill(pid, SIGSTOP) }
        let start = ContinuousClock.now
        await consumer.close()
        await reader.close()
        // The broker never answers: without a limit this has no end.
        #expect(ContinuousClock.now - start < .seconds(30))
        for pid in broker.pids { kill(pid, SIGCONT) }
        await broker.stop()
    }
}
