/// What a poll of a group's consumer has brought.
public enum ConsumerEvent: Sendable {
    /// Records, in order within each partition; may span partitions.
    case records([KafkaRecord])
    /// These partitions are ours now, and no others. Nothing is read until `assign` is called.
    case assigned([TopicPartition])
    /// These partitions are ours no more. `lost` where another may have them already.
    case revoked([TopicPartition], lost: Bool)
    /// Nothing within the wait.
    case idle
}
