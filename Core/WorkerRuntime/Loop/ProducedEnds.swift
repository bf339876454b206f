public import Kafka
import Synchronization

/// How far each partition has been written by this process: one past the highest acknowledged
/// offset.
public final class ProducedEnds: Sendable {
    private let ends = Mutex<[TopicPartition: Int64]>([:])

    /// Nothing written yet.
    public init() {}

    /// Takes the broker's word.
    public func note(_ acknowledgements: [Acknowledgement]) {
        ends.withLock { ends in
            for one in acknowledgements {
                ends[one.topicPartition] = max(ends[one.topicPartition] ?? 0, one.offset + 1)
            }
        }
    }

    /// The end of each partition that was written.
    public var all: [TopicPartition: Int64] { ends.withLock { $0 } }
}
