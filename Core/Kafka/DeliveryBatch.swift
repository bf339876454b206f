import CRdKafka
import Synchronization

/// The records of one `send` and the delivery state of each.
final class DeliveryBatch: Sendable {
    /// The result of `send`: the acknowledgements, and the first failure with the number of
    /// failures.
    struct Outcome: Sendable {
        var acknowledged: [Acknowledgement]
        var failure: KafkaError?
    }

    /// One record of a batch; librdkafka holds it until the record's delivery report.
    final class Slot: Sendable {
        let batch: DeliveryBatch
        let index: Int

        init(_ batch: DeliveryBatch, _ index: Int) {
            self.batch = batch
            self.index = index
        }
    }

    private struct State {
        var missing: Int
        var partitions: [Int32]
        var offsets: [Int64]
        // The error of the failed record with the lowest index, in whatever order reports come.
        var failure: (index: Int, error: KafkaError)?
        var isFailed: [Bool]
    }

    private let state: Mutex<State>
    private let topics: [String]
    private let continuation: CheckedContinuation<Outcome, Never>

    init(topics: [String], _ continuation: CheckedContinuation<Outcome, Never>) {
        self.topics = topics
        self.continuation = continuation
        state = Mutex(
            State(
                missing: topics.count,
                partitions: Array(repeating: -1, count: topics.count),
                offsets: Array(repeating: -1, count: topics.count),
                isFailed: Array(repeating: false, count: topics.count)))
    }

    func succeed(_ index: Int, partition: Int32, offset: Int64) {
        let isLast = state.withLock { state in
            state.partitions[index] = partition
            // Unknown (-1001) where the acknowledgement of an earlier attempt was lost.
            state.offsets[index] = max(offset, -1)
            state.missing -= 1
            return state.missing == 0
        }
        if isLast { finish() }
    }

    func fail(_ index: Int, _ code: rd_kafka_resp_err_t, partition: Int32? = nil) {
        let isLast = state.withLock { state in
            state.isFailed[index] = true
            if state.failure.map({ index < $0.index }) ?? true {
                let place = partition.map { TopicPartition(topic: topics[index], partition: $0) }
                let text = String(cString: rd_kafka_err2str(code))
                let error = KafkaError(
                    code, reason: "a record for \(topics[index]) isn't acknowledged: \(text)",
                    topicPartition: place)
                state.failure = (index, error)
            }
            state.missing -= 1
            return state.missing == 0
        }
        if isLast { finish() }
    }

    private func finish() {
        let outcome = state.withLock { state in
            let acknowledged = topics.indices.filter { !state.isFailed[$0] }.map { index in
                Acknowledgement(
                    topicPartition: TopicPartition(
                        topic: topics[index], partition: state.partitions[index]),
                    offset: state.offsets[index])
            }
            var failure = state.failure?.error
            failure?.failedCount = topics.count - acknowledged.count
            return Outcome(acknowledged: acknowledged, failure: failure)
        }
        continuation.resume(returning: outcome)
    }

    /// librdkafka's delivery report; called on the producer's thread.
    static func report(_ message: UnsafePointer<rd_kafka_message_t>?) {
        guard let message, let opaque = message.pointee._private else { return }
        let slot = Unmanaged<Slot>.fromOpaque(opaque).takeRetainedValue()
        let partition = message.pointee.partition
        if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
            slot.batch.succeed(slot.index, partition: partition, offset: message.pointee.offset)
        } else {
            slot.batch.fail(slot.index, message.pointee.err, partition: partition)
        }
    }
}
