import Kafka

/// Keeps a consumer's membership of its group while nobody polls it: a consumer that reads nothing
/// is kept alive by its own thread.
actor ConsumerPause {
    private let consumer: KafkaConsumer
    private let partitions: [TopicPartition]
    private var isHeld = false

    /// - Parameter partitions: all that the consumer reads.
    init(_ consumer: KafkaConsumer, _ partitions: [TopicPartition]) {
        self.consumer = consumer
        self.partitions = partitions
    }

    /// Stops reading; what has been fetched stays.
    func keep() async {
        guard !isHeld else { return }
        isHeld = true
        try? await consumer.pause(partitions)
    }

    /// Reads on. Where that fails the consumer's next poll says why.
    func release() async {
        guard isHeld else { return }
        isHeld = false
        try? await consumer.resume(partitions)
    }
}
