import Kafka
import Logging

/// Publishes records without asking the gateway, as a merchant's own system does.
public protocol RecordPublisher: Sendable {
    /// Returns when the record is acknowledged.
    func publish(topic: String, key: String, value: [UInt8]) async throws
}

/// Publishes through Kafka.
public struct KafkaRecordPublisher: RecordPublisher {
    private let producer: KafkaProducer

    /// Publishes through `producer`, which its owner closes.
    public init(producer: KafkaProducer) { self.producer = producer }

    /// Returns when the broker has acknowledged the record.
    public func publish(topic: String, key: String, value: [UInt8]) async throws {
        let record = ProducerRecord(
            topic: topic, partition: nil, key: Array(key.utf8), value: value, headers: [])
        _ = try await producer.send([record])
    }
}
