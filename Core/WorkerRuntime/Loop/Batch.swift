import Kafka
import Store

/// Records of one poll with what was made of them, and where they leave each partition.
struct Batch<Item: Sendable>: Sendable {
    struct Entry: Sendable {
        let record: KafkaRecord
        let preparation: Preparation<Item>
    }

    /// A partition's records stand in order.
    let entries: [Entry]
    /// Where the consumer stood before the batch, in each partition it has records of.
    let starts: [TopicPartition: Int64]
    /// Where the batch leaves each partition: one past its last record.
    let ends: [TopicPartition: Int64]

    init(entries: [Entry], starts: [TopicPartition: Int64]) {
        self.entries = entries
        self.starts = starts
        var ends: [TopicPartition: Int64] = [:]
        // Records of one partition come in runs: only a run's last is looked up.
        for (place, entry) in entries.enumerated() {
            let partition = entry.record.topicPartition
            let isLast =
                place + 1 == entries.count
                || entries[place + 1].record.topicPartition != partition
            if isLast { ends[partition] = entry.record.offset + 1 }
        }
        self.ends = ends
    }

    /// The moves that storing the batch's effect allows. Each compares the stored offset with where
    /// this batch began: a batch can't be stored unless all that came before it is. The log may
    /// skip offsets (compaction), so the first record's offset wouldn't do.
    var moves: [MoveOffsets.Move] {
        ends.map { partition, end in
            MoveOffsets.Move(
                topic: partition.topic, partition: partition.partition,
                seen: starts[partition] ?? end, next: end)
        }
    }

    /// `topic/partition` of each, for the outbox.
    var sources: [String] {
        ends.keys.map { "\($0.topic)/\($0.partition)" }.sorted()
    }

    /// The first half and the second, which begins where the first leaves each partition.
    var halves: (Batch, Batch) {
        let middle = entries.count / 2
        let first = Batch(entries: Array(entries[..<middle]), starts: starts)
        return (
            first,
            Batch(
                entries: Array(entries[middle...]), starts: starts.merging(first.ends) { $1 })
        )
    }

    /// The batch with every record given up.
    func poisoned(_ why: Poison) -> Batch {
        Batch(
            entries: entries.map { Entry(record: $0.record, preparation: .poison(why)) },
            starts: starts)
    }
}
