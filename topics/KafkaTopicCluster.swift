public import Kafka

/// The topics of a Kafka cluster.
public struct KafkaTopicCluster: TopicCluster {
    private let admin: KafkaAdmin

    /// - Parameter admin: the cluster's admin client; its timeouts apply to every call.
    public init(_ admin: KafkaAdmin) {
        self.admin = admin
    }

    /// The topics of these names that the cluster has, with the settings it reports.
    public func describe(_ names: [String]) async throws -> [ClusterTopic] {
        let wanted = Set(names)
        let found = try await admin.listTopics().filter { wanted.contains($0.name) }
        return try await withThrowingTaskGroup(of: ClusterTopic.self) { group in
            for topic in found {
                group.addTask {
                    ClusterTopic(
                        name: topic.name, partitions: topic.partitions,
                        replicationFactor: topic.replicationFactor,
                        configs: try await admin.describeConfigs(topic.name))
                }
            }
            return try await group.reduce(into: []) { topics, topic in topics.append(topic) }
        }
    }

    /// How many brokers answer for the cluster.
    public func brokerCount() async throws -> Int { try await admin.brokerCount() }

    /// Creates topics; one that exists already is no error.
    ///
    /// - Throws: the first topic's other error.
    public func create(_ topics: [TopicDefinition]) async throws {
        let results = try await admin.createTopics(
            topics.map {
                TopicSpecification(
                    name: $0.name, partitions: $0.partitions,
                    replicationFactor: $0.replicationFactor, configs: $0.configs)
            })
        for result in results where !result.isAlreadyThere {
            if let error = result.error { throw error }
        }
    }

    /// Raises a topic's number of partitions.
    public func addPartitions(_ topic: String, total: Int) async throws {
        try await admin.createPartitions(topic, total: total)
    }

    /// Sets these settings and keeps the topic's others.
    public func setConfigs(_ topic: String, _ configs: [String: String]) async throws {
        try await admin.alterConfigs(topic, set: configs)
    }
}
