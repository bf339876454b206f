/// A topic as this repository wants it, read from its `topic.yaml`.
///
/// The folder beside it holds `schema.json` (the events) and `example.json` (one of them).
public struct TopicDefinition: Sendable, Equatable, Codable {
    /// The topic's name on the cluster, and its folder's name here.
    public var name: String
    /// What its records say, in plain words.
    public var description: String
    /// What its records are keyed by; records of a key keep their order.
    public var key: String
    /// Who writes it.
    public var publishedBy: [String]
    /// Who reads it.
    public var consumedBy: [String]
    /// How many partitions it has; never fewer later, for a key must not move.
    public var partitions: Int
    /// How many brokers hold a copy.
    public var replicationFactor: Int
    /// Kafka's own topic settings by name, e.g. `retention.ms`; values as Kafka prints them.
    public var configs: [String: String]
    /// What a cluster of several brokers asks for instead.
    public var production: Override?

    /// The values that differ on a cluster of several brokers.
    public struct Override: Sendable, Equatable, Codable {
        /// How many brokers hold a copy.
        public var replicationFactor: Int?
        /// Settings laid over the topic's own.
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

    /// The definition with its production values in force.
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
