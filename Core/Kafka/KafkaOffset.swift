import CRdKafka

/// Logical offsets.
public enum KafkaOffset {
    /// The oldest record that the broker still stores.
    public static let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)
}
