import Kafka
import Store

/// Records of one poll with what was made of them, and where they leave each partition.
struct Batch<Item: Sendable>: Sendable {
    struct Entry: Sendable {
        let record: KafkaRecord
        let preparation: Preparation<Item>
    }

    let entries: [Entry]

    /// The moves that storing this batch's effect allows. A partition's records are consecutive,
    /// but the log may skip offsets (compaction): `positions` is where the consumer stood.
    func moves(from positions: [TopicPartition: Int64]) -> [MoveOffsets.Move] {
        var last: [TopicPartition: Int64] = [:]
        for entry in entries { last[entry.record.topicPartition] = entry.record.offset }
        return last.map { partition, offset in
            MoveOffsets.Move(
                topic: partition.topic, partition: partition.partition,
                seen: positions[partition] ?? offset, next: offset + 1)
        }
    }

    /// `topic/partition` of each, for the outbox.
    var sources: [String] {
        Set(entries.map { $0.record.topicPartition })
            .map { "\($0.topic)/\($0.partition)" }.sorted()
    }

    /// The first half and the second; per partition, every record of the first comes before every
    /// record of the second.
    var halves: (Batch, Batch) {
        let middle = entries.count / 2
        return (
            Batch(entries: Array(entries[..<middle])), Batch(entries: Array(entries[middle...]))
        )
    }
}
