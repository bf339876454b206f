/// Where the broker has stored a record, on all in-sync copies.
public struct Acknowledgement: Hashable, Sendable {
    /// The record's partition.
    public let topicPartition: TopicPartition
    /// Its number there.
    public let offset: Int64

    /// An acknowledgement by its parts.
    public init(topicPartition: TopicPartition, offset: Int64) {
        self.topicPartition = topicPartition
        self.offset = offset
    }
}
