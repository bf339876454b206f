/// The admin calls that ``TopicApplier`` makes; ``KafkaTopicCluster`` makes them on Kafka.
public protocol TopicCluster: Sendable {
    /// The topics of these names that the cluster has, with their settings.
    func describe(_ names: [String]) async throws -> [ClusterTopic]
    /// How many brokers it has now: a topic can't have more copies.
    func brokerCount() async throws -> Int
    /// Creates topics; one that exists already is no error, since two processes may apply at once.
    func create(_ topics: [TopicDefinition]) async throws
    /// Raises a topic's number of partitions to `total`.
    func addPartitions(_ topic: String, total: Int) async throws
    /// Sets these settings of a topic and keeps its others.
    func setConfigs(_ topic: String, _ configs: [String: String]) async throws
}
