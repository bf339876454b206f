import CRdKafka
import Synchronization

/// Counts what a producer has under way, and lets a `send` in or turns it away. While something is
/// under way, the client isn't destroyed.
final class ProducerQueue: Sendable {
    private struct State {
        var messages = 0
        var bytes = 0
        var isClosed = false
        var ends: [TopicPartition: Int64] = [:]
        var waiters: [Latch] = []
    }

    private let state = Mutex(State())
    private let limits: ProducerLimits

    init(limits: ProducerLimits) { self.limits = limits }

    var messages: Int { state.withLock { $0.messages } }

    var acknowledgedEnds: [TopicPartition: Int64] { state.withLock { $0.ends } }

    /// Makes room, or throws. What is larger than the whole queue is let in when it is alone.
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
                        + "when some are through", failedCount: messages)
            }
            state.messages += messages
            state.bytes += bytes
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Frees the room that a `send` had, and notes how far it has got.
    func leave(messages: Int, bytes: Int, acknowledged: [Acknowledgement]) {
        let waiters: [Latch] = state.withLock { state in
            state.messages -= messages
            state.bytes -= bytes
            for one in acknowledged where one.offset >= 0 {
                let end = one.offset + 1
                state.ends[one.topicPartition] = max(state.ends[one.topicPartition] ?? 0, end)
            }
            guard state.messages == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.open() }
    }

    /// Lets nothing in any more.
    func close() { state.withLock { $0.isClosed = true } }

    /// Returns once nothing is under way.
    func waitUntilEmpty() async {
        let latch = Latch()
        let isEmpty = state.withLock { state in
            if state.messages > 0 { state.waiters.append(latch) }
            return state.messages == 0
        }
        if !isEmpty { await latch.wait() }
    }
}
