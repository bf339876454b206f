import Kafka
import Store

/// The prepared records of one poll, with each partition's offsets before and after them.
struct Batch<Item: Sendable>: Sendable {
    struct Entry: Sendable {
        let record: KafkaRecord
        let preparation: Preparation<Item>
    }

    /// A partition's records are in offset order.
    let entries: [Entry]
    /// The consumer's position before the batch, of each partition it has records of.
    let starts: [TopicPartition: Int64]
    /// One past each partition's last record; its start where it is to be paused without any.
    private(set) var ends: [TopicPartition: Int64]
    /// The partitions to be paused at their ends, and why.
    private(set) var pauses: [TopicPartition: String] = [:]
    /// The partitions that it has records of.
    let partitions: Set<TopicPartition>
    // The leader epoch of each partition's last record.
    private let leaderEpochs: [TopicPartition: Int32]

    init(entries: [Entry], starts: [TopicPartition: Int64]) {
        self.entries = entries
        self.starts = starts
        var ends: [TopicPartition: Int64] = [:]
        var leaderEpochs: [TopicPartition: Int32] = [:]
        // Records of one partition come in runs: only the last of a run sets the end.
        for (place, entry) in entries.enumerated() {
            let partition = entry.record.topicPartition
            let isLast =
                place + 1 == entries.count
                || entries[place + 1].record.topicPartition != partition
            guard isLast else { continue }
            ends[partition] = entry.record.offset + 1
            leaderEpochs[partition] = entry.record.leaderEpoch
        }
        self.ends = ends
        self.leaderEpochs = leaderEpochs
        partitions = Set(ends.keys)
    }

    /// A batch without records that moves partitions to the ends that were reached: the offsets in
    /// between hold no records.
    init(starts: [TopicPartition: Int64], ends: [TopicPartition: Int64]) {
        entries = []
        self.starts = starts
        self.ends = ends
        partitions = []
        leaderEpochs = [:]
    }

    /// The offset moves of the batch. Each compares the stored offset with the batch's start, so a
    /// batch can't be stored unless all records before it are. The start isn't the first record's
    /// offset, because the log may skip offsets (compaction).
    var moves: [MoveOffsets.Move] {
        ends.map { partition, end in
            MoveOffsets.Move(
                topic: partition.topic, partition: partition.partition,
                seen: starts[partition] ?? end, next: end, leaderEpoch: leaderEpochs[partition])
        }
    }

    /// `topic/partition` of each, for the outbox.
    var sources: [String] {
        ends.keys.map { "\($0.topic)/\($0.partition)" }.sorted()
    }

    /// The batch up to the records that are one too many, whose partitions are paused there.
    func paused(at limit: PoisonLimitError) -> Batch {
        var rest = Batch(
            entries: entries.filter { entry in
                limit.first[entry.record.topicPartition].map { entry.record.offset < $0.offset }
                    ?? true
            }, starts: starts)
        rest.pauses = pauses.merging(limit.first.mapValues(limit.detail)) { first, _ in first }
        for partition in rest.pauses.keys where rest.ends[partition] == nil {
            rest.ends[partition] = starts[partition]
        }
        return rest
    }

    /// The pauses as they are stored, after the offsets have moved.
    var storedPauses: [PausePartitions.Pause] {
        pauses.keys.sorted().compactMap { partition in
            guard let end = ends[partition], let detail = pauses[partition] else { return nil }
            return .init(
                topic: partition.topic, partition: partition.partition, offset: end,
                reason: .poisonLimit, detail: detail)
        }
    }
}
