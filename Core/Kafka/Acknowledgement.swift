/// The partition and offset of a record that all in-sync replicas have stored.
public struct Acknowledgement: Hashable, Sendable {
    /// The record's partition.
    public let topicPartition: TopicPartition
    /// The record's offset.
    public let offset: Int64

    /// An acknowledgement by its parts.
    public init(topicPartition: TopicPartition, offset: Int64) {
        self.topicPartition = topicPartition
        self.offset = offset
    }
}
