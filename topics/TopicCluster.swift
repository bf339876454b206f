/// What the applier needs of a cluster; ``KafkaTopicCluster`` is the real one.
public protocol TopicCluster: Sendable {
    /// The topics of these names that the cluster has, with their settings.
    func describe(_ names: [String]) async throws -> [ClusterTopic]
    /// Creates topics; one that is there already is no error, for two may apply at once.
    func create(_ topics: [TopicDefinition]) async throws
    /// Raises a topic's number of partitions to `total`.
    func addPartitions(_ topic: String, total: Int) async throws
    /// Sets the given settings of a topic and leaves its others alone.
    func setConfigs(_ topic: String, _ configs: [String: String]) async throws
}
