/// A topic of the cluster.
public struct ClusterTopic: Sendable, Equatable {
    /// The topic's name.
    public var name: String
    /// The number of partitions.
    public var partitions: Int
    /// The replication factor; nil where the cluster doesn't report it.
    public var replicationFactor: Int?
    /// Its settings by name, as far as the cluster reports them.
    public var configs: [String: String]

    /// - Parameters:
    ///   - name: the topic's name.
    ///   - partitions: the number of partitions.
    ///   - replicationFactor: nil where the cluster doesn't report it.
    ///   - configs: settings as the cluster reports them.
    public init(
        name: String, partitions: Int, replicationFactor: Int? = nil, configs: [String: String]
    ) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.configs = configs
    }
}
