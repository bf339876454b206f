/// A topic as the cluster has it.
public struct ClusterTopic: Sendable, Equatable {
    /// The topic's name.
    public var name: String
    /// How many partitions it has.
    public var partitions: Int
    /// How many brokers hold a copy; nil where the cluster doesn't say.
    public var replicationFactor: Int?
    /// Its settings by name; only those the cluster reports.
    public var configs: [String: String]

    /// - Parameters:
    ///   - name: the topic's name.
    ///   - partitions: how many it has.
    ///   - replicationFactor: copies, nil where unknown.
    ///   - configs: settings as the cluster prints them.
    public init(
        name: String, partitions: Int, replicationFactor: Int? = nil, configs: [String: String]
    ) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.configs = configs
    }
}
