import Kafka

/// Pauses all partitions of a consumer while a batch is retried and the loop doesn't poll: a paused
/// consumer keeps its membership by its own thread.
actor ConsumerPause {
    private let consumer: KafkaConsumer
    private let partitions: [TopicPartition]
    private var isPaused = false

    /// - Parameter partitions: all that the consumer reads.
    init(_ consumer: KafkaConsumer, _ partitions: [TopicPartition]) {
        self.consumer = consumer
        self.partitions = partitions
    }

    /// Pauses the partitions; records fetched already are kept.
    func begin() async {
        guard !isPaused else { return }
        isPaused = true
        try? await consumer.pause(partitions)
    }

    /// Resumes the partitions. Where that fails the consumer's next poll throws the reason.
    func end() async {
        guard isPaused else { return }
        isPaused = false
        try? await consumer.resume(partitions)
    }
}
