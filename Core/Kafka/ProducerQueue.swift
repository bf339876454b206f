import CRdKafka
import Synchronization

/// Counts a producer's records in flight, and admits or refuses a `send`. While records are in
/// flight, the client isn't destroyed.
final class ProducerQueue: Sendable {
    private struct State {
        var messages = 0
        var bytes = 0
        var isClosed = false
        var ends: [TopicPartition: Int64] = [:]
    }

    private let state = Mutex(State())
    private let limits: ProducerLimits

    init(limits: ProducerLimits) { self.limits = limits }

    var messages: Int { state.withLock { $0.messages } }

    var acknowledgedEnds: [TopicPartition: Int64] { state.withLock { $0.ends } }

    /// Admits records, or throws. A `send` larger than the whole queue is admitted when the queue
    /// is empty.
    func enter(messages: Int, bytes: Int) throws(KafkaError) {
        let refusal: KafkaError? = state.withLock { state in
            if state.isClosed { return .closed("producer") }
            let fits =
                state.messages + messages <= limits.queuedMessages
                && state.bytes + bytes <= limits.queuedBytes
            guard fits || state.messages == 0 else {
                return KafkaError(
                    RD_KAFKA_RESP_ERR__QUEUE_FULL,
                    reason: "\(state.messages) records (\(state.bytes) bytes) wait for their "
                        + "acknowledgement, there is no room for \(messages) more: send again "
                        + "when some are acknowledged", failedCount: messages)
            }
            state.messages += messages
            state.bytes += bytes
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Releases the room of a `send`, and records its acknowledged offsets.
    func leave(messages: Int, bytes: Int, acknowledged: [Acknowledgement]) {
        state.withLock { state in
            state.messages -= messages
            state.bytes -= bytes
            for one in acknowledged where one.offset >= 0 {
                let end = one.offset + 1
                state.ends[one.topicPartition] = max(state.ends[one.topicPartition] ?? 0, end)
            }
        }
    }

    /// Refuses every further `send`.
    func close() { state.withLock { $0.isClosed = true } }
}
