public import Kafka
import Synchronization

/// One past the highest offset acknowledged to this process, by partition.
public final class ProducedEnds: Sendable {
    private let ends = Mutex<[TopicPartition: Int64]>([:])

    /// Nothing acknowledged yet.
    public init() {}

    /// Records a send's acknowledgements.
    public func record(_ acknowledgements: [Acknowledgement]) {
        ends.withLock { ends in
            for one in acknowledgements {
                ends[one.topicPartition] = max(ends[one.topicPartition] ?? 0, one.offset + 1)
            }
        }
    }

    /// The end offset of each partition that was written.
    public var all: [TopicPartition: Int64] { ends.withLock { $0 } }
}
