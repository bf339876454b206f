public import Kafka

/// Publishes through Kafka.
public struct KafkaRecordPublisher: RecordPublisher {
    private let producer: KafkaProducer

    /// Publishes through `producer`, which its owner closes.
    public init(producer: KafkaProducer) { self.producer = producer }

    /// Returns when the broker has acknowledged the record.
    public func publish(topic: String, key: String, value: [UInt8]) async throws {
        let record = ProducerRecord(
            topic: topic, key: Array(key.utf8), value: value,
            headers: [KafkaHeader(name: "content-type", text: "application/json")])
        _ = try await producer.send([record])
    }
}
