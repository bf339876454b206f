import Foundation
import Kafka
import Logging
import Testing

@testable import Embedded

/// Starting Apache Kafka, with a stand-in for its distribution.
@Suite(.timeLimit(.minutes(2))) struct ApacheKafkaTests {
    private func folder() -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("apache-kafka-\(UUID().uuidString.prefix(8))").path
    }

    private func start(
        _ kafka: KafkaStandIn, in folder: String, readyWithin: Duration = .seconds(60)
    ) async throws -> ApacheKafka {
        try await ApacheKafka.start(home: kafka.home, folder: folder, readyWithin: readyWithin)
    }

    private func publishAndRead(on brokers: String) async throws {
        var logger = Logger(label: "apache-kafka")
        logger.logLevel = .error
        let settings = KafkaSettings(brokers: brokers)
        let cluster = Cluster(
            settings: settings, admin: KafkaAdmin(settings: settings, logger: logger),
            logger: logger)
        let topic = try await cluster.topic("apache")
        try await cluster.fill(topic, 3)
        let reader = try cluster.reader(topic)
        #expect(try await reader.read(3).map(number) == [0, 1, 2])
        await reader.close()
    }

    @Test func kafkaHomeStartsItsServerWhichServesUntilItIsStopped() async throws {
        let kafka = try KafkaStandIn(.works)
        defer { kafka.remove() }
        let folder = folder()
        let kind = try SandboxBrokerKind.selected(by: ["KAFKA_HOME": kafka.home])
        #expect(kind == .apacheKafka(home: kafka.home, nodeCount: 1))
        let broker = try await kind.start(folder: folder, isTemporary: true)
        #expect(broker.nodeCount == 1)
        #expect(broker.clientSettings(fetchWaitMilliseconds: 50) == [:])
        try await publishAndRead(on: broker.brokers)
        let pid = try #require(broker.pids.first)
        await broker.stop()
        #expect(kill(pid, 0) != 0 && broker.pids.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func aSecondStartOnAFolderKeepsItsStorage() async throws {
        let kafka = try KafkaStandIn(.works)
        let folder = folder()
        defer {
            kafka.remove()
            try? FileManager.default.removeItem(atPath: folder)
        }
        let first = try await start(kafka, in: folder)
        await first.stop()
        // The stand-in refuses to format twice.
        let second = try await start(kafka, in: folder)
        let id = try String(contentsOfFile: folder + "/cluster.id", encoding: .utf8)
        #expect(id == KafkaStandIn.clusterID)
        kill(try #require(second.pids.first), SIGKILL)
        _ = await second.waitForExit()
        let third = try await second.startAgain()
        #expect(third.brokers == second.brokers)
        try await publishAndRead(on: third.brokers)
        await third.stop()
    }

    @Test func aServerThatExitsIsAnErrorWithItsLastLines() async throws {
        let kafka = try KafkaStandIn(.exits)
        let folder = folder()
        defer {
            kafka.remove()
            try? FileManager.default.removeItem(atPath: folder)
        }
        let error = await #expect(throws: EmbeddedError.self) {
            _ = try await start(kafka, in: folder)
        }
        #expect(error?.reason.contains("node 1 ended while it was starting") == true)
        #expect(error?.logTail.last?.contains("no disk") == true)
    }

    @Test func aServerThatIsNeverReadyIsStoppedAfterTheLimit() async throws {
        let kafka = try KafkaStandIn(.neverListens)
        let folder = folder()
        defer {
            kafka.remove()
            try? FileManager.default.removeItem(atPath: folder)
        }
        let error = await #expect(throws: EmbeddedError.self) {
            _ = try await start(kafka, in: folder, readyWithin: .seconds(2))
        }
        #expect(error?.reason.contains("isn't ready after 2.0 seconds") == true)
        #expect(error?.reason.contains("doesn't answer") == true)
        let pid = try String(contentsOfFile: folder + "/pid", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(kill(try #require(Int32(pid)), 0) != 0)
    }

    @Test func aFolderWithoutTheScriptsIsRefusedByName() {
        let error = #expect(throws: EmbeddedError.self) {
            _ = try KafkaDistribution(home: "/nowhere/kafka")
        }
        #expect(error?.reason.contains("KAFKA_HOME is /nowhere/kafka") == true)
    }

    @Test func nodesAreOneOrThreeAndNeedApacheKafka() throws {
        typealias Kind = SandboxBrokerKind
        #expect(try Kind.selected(by: [:]) == .embedded)
        #expect(try Kind.selected(by: ["KAFKA_HOME": ""]) == .embedded)
        #expect(
            try Kind.selected(by: ["KAFKA_HOME": "/k", "TALLY_KAFKA_NODES": "3"])
                == .apacheKafka(home: "/k", nodeCount: 3))
        #expect(throws: EmbeddedError.self) {
            try Kind.selected(by: ["KAFKA_HOME": "/k", "TALLY_KAFKA_NODES": "2"])
        }
        #expect(throws: EmbeddedError.self) { try Kind.selected(by: ["TALLY_KAFKA_NODES": "3"]) }
    }

    @Test func threeNodesShareOneQuorumAndReplicateInternalTopics() throws {
        let nodes = try KafkaNode.make(count: 3, folder: "/data/broker")
        #expect(nodes.map(\.folder) == (1...3).map { "/data/broker-\($0)" })
        #expect(Set(nodes.flatMap { [$0.brokerPort, $0.controllerPort] }).count == 6)
        let voters = nodes.map { "\($0.id)@127.0.0.1:\($0.controllerPort)" }.joined(separator: ",")
        for node in nodes {
            let properties = node.properties(in: nodes)
            #expect(properties["controller.quorum.voters"] == voters)
            #expect(properties["node.id"] == String(node.id))
            #expect(properties["offsets.topic.replication.factor"] == "3")
            #expect(properties["transaction.state.log.min.isr"] == "2")
        }
    }

    @Test func aFolderThatKafkasScriptsWouldSplitIsRefused() {
        #expect(throws: EmbeddedError.self) {
            try KafkaNode.make(count: 1, folder: "/data/my broker")
        }
    }
}
