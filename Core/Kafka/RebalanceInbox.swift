import CRdKafka
import Synchronization

/// The group's rebalances that the consumer's loop hasn't processed yet.
///
/// librdkafka calls ``record(_:_:_:)`` on the consumer's own thread, from within a poll. Both steps
/// are acknowledged at once, because the group waits for them: an assignment with no partitions to
/// read, until the owner has looked up the offsets.
final class RebalanceInbox: Sendable {
    /// One step of a rebalance.
    enum Notice: Sendable {
        case assigned([TopicPartition])
        case revoked([TopicPartition], lost: Bool)
        case failed(KafkaError)
    }

    private struct State {
        var notices: [Notice] = []
        var isClosing = false
    }

    private let state = Mutex(State())

    /// From now on assignments aren't recorded: the owner doesn't read them any more.
    func beginClosing() { state.withLock { $0.isClosing = true } }

    /// The notices since the last call, in order.
    func take() -> [Notice] {
        state.withLock { state in
            guard !state.notices.isEmpty else { return [] }
            defer { state.notices = [] }
            return state.notices
        }
    }

    func record(
        _ client: OpaquePointer, _ code: rd_kafka_resp_err_t,
        _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) {
        let partitions = list.map { PartitionList.partitions(of: $0) } ?? []
        switch code {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
            let nothing = PartitionList(capacity: 0)
            rd_kafka_assign(client, nothing.pointer)
            state.withLock { state in
                if !state.isClosing { state.notices.append(.assigned(partitions)) }
            }
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
            // Read before rd_kafka_assign, which resets it.
            let lost = rd_kafka_assignment_lost(client) != 0
            rd_kafka_assign(client, nil)
            state.withLock { $0.notices.append(.revoked(partitions, lost: lost)) }
        default:
            rd_kafka_assign(client, nil)
            state.withLock { $0.notices.append(.failed(KafkaError(code))) }
        }
    }
}
