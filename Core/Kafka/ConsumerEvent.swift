/// The result of one poll of a group's consumer.
public enum ConsumerEvent: Sendable {
    /// Records, in order within each partition; may span partitions.
    case records([KafkaRecord])
    /// The complete new assignment. Nothing is read until `assign` is called.
    case assigned([TopicPartition])
    /// The assignment has ended. `lost`: another member may own the partitions already.
    case revoked([TopicPartition], lost: Bool)
    /// Every record before these offsets, the ends of their partitions, has been returned. Between
    /// the last record and an end there may be offsets without one: of a transaction's markers.
    case ends([TopicPartition: Int64])
    /// Nothing within the wait.
    case idle
}
