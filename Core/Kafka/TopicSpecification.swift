/// A topic to be created.
public struct TopicSpecification: Sendable, Equatable {
    /// The topic's name.
    public var name: String
    /// How many partitions it gets.
    public var partitions: Int
    /// How many brokers hold a copy.
    public var replicationFactor: Int
    /// Kafka's own topic settings by name.
    public var configs: [String: String]

    /// A specification by its parts.
    public init(
        name: String, partitions: Int, replicationFactor: Int = 1, configs: [String: String] = [:]
    ) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.configs = configs
    }
}
