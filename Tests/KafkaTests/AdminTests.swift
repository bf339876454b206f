import Kafka
import TestWaiting
import Testing

/// Topics are made, described, changed and deleted.
@Suite(.timeLimit(.minutes(2))) struct AdminTests {
    @Test func topicsComeAndGo() async throws {
        let cluster = try await Cluster.make()
        let name = await cluster.group()
        let wanted = TopicSpecification(
            name: name, partitions: 3, configs: ["retention.ms": "123456"])
        let created = try await cluster.admin.createTopics([wanted])
        #expect(created.map(\.topic) == [name])
        #expect(created.map(\.error) == [nil])
        let again = try await cluster.admin.createTopics([wanted])
        #expect(again.map(\.isAlreadyThere) == [true])
        let listed = try await cluster.admin.listTopics().filter { $0.name == name }
        #expect(listed == [TopicDescription(name: name, partitions: 3, replicationFactor: 1)])
        let deleted = try await cluster.admin.deleteTopics([name])
        #expect(deleted.map(\.error) == [nil])
        #expect(try await !cluster.admin.listTopics().contains { $0.name == name })
        let missing = try await cluster.admin.deleteTopics([name])
        #expect(missing.first?.error?.isUnknownTopic == true)
    }

    @Test func settingsAreChangedOneByOne() async throws {
        let cluster = try await Cluster.make()
        let name = await cluster.group()
        _ = try await cluster.admin.createTopics([
            TopicSpecification(name: name, partitions: 1, configs: ["retention.ms": "111000"])
        ])
        try await cluster.admin.alterConfigs(name, set: ["cleanup.policy": "compact"])
        let configs = try await cluster.admin.describeConfigs(name)
        #expect(configs["retention.ms"] == "111000")
        #expect(configs["cleanup.policy"] == "compact")
        try await cluster.admin.alterConfigs(name, set: ["retention.ms": "222000"])
        #expect(try await cluster.admin.describeConfigs(name)["retention.ms"] == "222000")
    }

    @Test func aBadSpecificationIsRefused() async throws {
        let cluster = try await Cluster.make()
        await #expect(throws: KafkaError.self) {
            _ = try await cluster.admin.createTopics([
                TopicSpecification(name: "orders", partitions: -5)
            ])
        }
    }

    @Test func anUnavailableClusterIsATransientError() async throws {
        let unavailable = KafkaAdmin(
            settings: KafkaSettings(brokers: "127.0.0.1:1"), timeout: .milliseconds(500),
            logger: try await Cluster.make().logger)
        let error = await #expect(throws: KafkaError.self) {
            _ = try await unavailable.listTopics()
        }
        #expect(error?.isTransient == true)
        let other = await #expect(throws: KafkaError.self) {
            _ = try await unavailable.describeConfigs("orders.submitted")
        }
        #expect(other?.isTransient == true)
    }

    @Test func aTopicMadeAnewHasAnotherID() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("identity")
        let missing = await cluster.group()
        let first = try await cluster.admin.topicIDs(of: [topic, missing])
        #expect(Set(first.keys) == [topic])
        #expect(try await cluster.admin.topicIDs(of: [topic]) == first)
        _ = try await cluster.admin.deleteTopics([topic])
        try await eventually("the topic is made anew") {
            let specification = TopicSpecification(name: topic, partitions: 1)
            return try await cluster.admin.createTopics([specification])
                .allSatisfy { $0.error == nil }
        }
        let second = try await cluster.admin.topicIDs(of: [topic])
        #expect(second[topic] != nil && second[topic] != first[topic])
    }
}
