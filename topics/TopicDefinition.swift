/// A topic's definition, read from its `topic.yaml`.
///
/// `schema.json` in the same folder is the JSON schema of its events, `example.json` one of them.
public struct TopicDefinition: Sendable, Equatable, Codable {
    /// The topic's name on the cluster, and its folder's name here.
    public var name: String
    /// What its records mean.
    public var description: String
    /// The records' key; Kafka keeps records of one key in order.
    public var key: String
    /// The roles that publish to it.
    public var publishedBy: [String]
    /// The roles that consume it.
    public var consumedBy: [String]
    /// The number of partitions; raising it moves keys to other partitions.
    public var partitions: Int
    /// The replication factor.
    public var replicationFactor: Int
    /// Kafka's own topic settings by name, e.g. `retention.ms`; values as Kafka reports them.
    public var configs: [String: String]
    /// The values for a cluster of several brokers; nil where they are the same.
    public var production: Override?

    /// The values that differ on a cluster of several brokers.
    public struct Override: Sendable, Equatable, Codable {
        /// The replication factor.
        public var replicationFactor: Int?
        /// Settings that replace the topic's own.
        public var configs: [String: String]?

        enum CodingKeys: String, CodingKey {
            case configs
            case replicationFactor = "replication_factor"
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, description, key, partitions, configs, production
        case publishedBy = "published_by"
        case consumedBy = "consumed_by"
        case replicationFactor = "replication_factor"
    }

    /// The definition with its production values.
    public var forProduction: TopicDefinition {
        var changed = self
        changed.replicationFactor = production?.replicationFactor ?? replicationFactor
        changed.configs.merge(production?.configs ?? [:]) { _, production in production }
        return changed
    }

    /// The definition under another name, so that several stacks can share a cluster.
    public func prefixed(with prefix: String) -> TopicDefinition {
        var changed = self
        changed.name = prefix + name
        return changed
    }
}
