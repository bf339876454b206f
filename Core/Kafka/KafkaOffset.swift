import CRdKafka

/// Offsets that are no number of a record.
public enum KafkaOffset {
    /// The oldest record that the broker still has.
    public static let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)
}
