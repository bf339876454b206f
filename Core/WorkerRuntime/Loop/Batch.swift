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
    /// One past each partition's last record.
    let ends: [TopicPartition: Int64]

    init(entries: [Entry], starts: [TopicPartition: Int64]) {
        self.entries = entries
        self.starts = starts
        var ends: [TopicPartition: Int64] = [:]
        // Records of one partition come in runs: only the last of a run sets the end.
        for (place, entry) in entries.enumerated() {
            let partition = entry.record.topicPartition
            let isLast =
                place + 1 == entries.count
                || entries[place + 1].record.topicPartition != partition
            if isLast { ends[partition] = entry.record.offset + 1 }
        }
        self.ends = ends
    }

    /// The offset moves of the batch. Each compares the stored offset with the batch's start, so a
    /// batch can't be stored unless all records before it are. The start isn't the first record's
    /// offset, because the log may skip offsets (compaction).
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

    /// The first half and the second, which starts at the first's ends.
    var halves: (Batch, Batch) {
        let middle = entries.count / 2
        let first = Batch(entries: Array(entries[..<middle]), starts: starts)
        return (
            first,
            Batch(
                entries: Array(entries[middle...]), starts: starts.merging(first.ends) { $1 })
        )
    }

    /// The batch with every record as poison.
    func poisoned(_ why: Poison) -> Batch {
        Batch(
            entries: entries.map { Entry(record: $0.record, preparation: .poison(why)) },
            starts: starts)
    }
}
