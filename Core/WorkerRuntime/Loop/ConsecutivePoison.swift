import Kafka
import Store

/// How many consecutive records of each partition have become dead letters. A partition whose input
/// is all poison is paused before a whole topic becomes dead letters: then the input's schema or
/// the worker is wrong, or somebody floods the topic. Other partitions and workers go on.
struct ConsecutivePoison: Sendable, Equatable {
    /// The dead letters since each partition's last good record; below 0: how many an operator has
    /// allowed in advance.
    private(set) var lengths: [TopicPartition: Int]

    /// The counts that are stored with the offsets.
    init(lengths: [TopicPartition: Int] = [:]) { self.lengths = lengths }

    /// The counts after a batch's records, in their order.
    /// - Parameters:
    ///   - poison: the reason, by the record's index in the batch.
    ///   - limit: how many consecutive dead letters are allowed; 0: any number.
    /// - Throws: where a partition has more.
    func following<Item>(
        _ batch: Batch<Item>, poison: [Int: Poison], limit: Int
    ) throws(PoisonLimitError) -> ConsecutivePoison {
        guard !poison.isEmpty else { return reset(in: batch) }
        var lengths = lengths
        var first: [TopicPartition: PoisonLimitError.Place] = [:]
        for (place, entry) in batch.entries.enumerated() {
            let partition = entry.record.topicPartition
            guard let why = poison[place] else {
                lengths[partition] = 0
                continue
            }
            lengths[partition, default: 0] += 1
            if limit > 0, lengths[partition, default: 0] > limit, first[partition] == nil {
                first[partition] = .init(offset: entry.record.offset, poison: why)
            }
        }
        if !first.isEmpty { throw PoisonLimitError(limit: limit, first: first) }
        return ConsecutivePoison(lengths: lengths)
    }

    private func reset<Item>(in batch: Batch<Item>) -> ConsecutivePoison {
        var lengths = lengths
        for partition in batch.partitions { lengths[partition] = 0 }
        return ConsecutivePoison(lengths: lengths)
    }

    /// The counts of a batch's partitions that aren't 0, to be stored with its offsets.
    func runs<Item>(of batch: Batch<Item>) -> [StoreConsecutivePoison.Run] {
        batch.ends.keys.sorted().compactMap { partition in
            guard let length = lengths[partition], length != 0 else { return nil }
            return .init(topic: partition.topic, partition: partition.partition, length: length)
        }
    }
}

/// Partitions of a batch have more consecutive dead letters than the limit allows. The batch is
/// stored up to there, and these partitions are paused.
struct PoisonLimitError: Error, Equatable {
    /// The first record that is one too many.
    struct Place: Sendable, Equatable {
        let offset: Int64
        let poison: Poison
    }

    let limit: Int
    let first: [TopicPartition: Place]

    /// Why a partition is paused, for operators.
    func detail(_ place: Place) -> String {
        "more than \(limit) consecutive records can't be processed; the next one, at offset "
            + "\(place.offset), is \(place.poison.reason): \(place.poison.error)"
    }
}
