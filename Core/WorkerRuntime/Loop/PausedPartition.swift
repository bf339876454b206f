import Kafka
import Store

/// A partition that the worker doesn't read until an operator releases it.
struct PausedPartition: Sendable, Equatable {
    /// The stored offset.
    let offset: Int64
    let reason: PauseReason
    /// What was found.
    let detail: String

    /// What an operator can do, on one line.
    func cure(_ place: TopicPartition, worker: String) -> String {
        let command =
            "tally dead-letters release --worker \(worker) --topic \(place.topic) "
            + "--partition \(place.partition)"
        return switch reason {
        case .poisonLimit:
            "stop what publishes such records, or correct this worker, then: \(command)"
        case .offsetGone, .topicReplaced:
            "decide where the worker goes on, then: \(command) --from earliest (the oldest record "
                + "that the broker has) or --from latest (records published from then on)"
        }
    }
}
