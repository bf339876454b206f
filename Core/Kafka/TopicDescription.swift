/// A topic of the cluster.
public struct TopicDescription: Sendable, Equatable {
    /// The topic's name.
    public let name: String
    /// How many partitions it has.
    public let partitions: Int
    /// How many brokers hold a copy of its first partition.
    public let replicationFactor: Int

    /// A description by its parts.
    public init(name: String, partitions: Int, replicationFactor: Int) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
    }
}
