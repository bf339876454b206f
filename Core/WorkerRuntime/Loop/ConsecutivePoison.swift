import Kafka

/// How many consecutive records have become dead letters. A worker whose input is all poison stops
/// before a whole topic becomes dead letters: then the input's schema or the worker is wrong, not a
/// record.
struct ConsecutivePoison: Sendable, Equatable {
    /// The dead letters since the last good record.
    private(set) var length: Int

    /// The count after a batch's records, in their order.
    /// - Parameters:
    ///   - poison: the reason, by the record's index in the batch.
    ///   - limit: how many consecutive dead letters are allowed; 0: any number.
    /// - Throws: where there are more.
    func following<Item>(
        _ batch: Batch<Item>, poison: [Int: Poison], limit: Int
    ) throws(PoisonLimitError) -> ConsecutivePoison {
        var length = length
        for (place, entry) in batch.entries.enumerated() {
            guard let why = poison[place] else {
                length = 0
                continue
            }
            length += 1
            if limit > 0, length > limit {
                throw PoisonLimitError(limit: limit, record: entry.record, poison: why)
            }
        }
        return ConsecutivePoison(length: length)
    }
}

/// Why a worker stopped: too many consecutive records are poison.
public struct PoisonLimitError: Error, CustomStringConvertible {
    let limit: Int
    let record: KafkaRecord
    let poison: Poison

    /// What happened, where, and what to do.
    public var description: String {
        let partition = record.topicPartition
        return "more than \(limit) consecutive records can't be processed, the last of them "
            + "\(partition.topic)/\(partition.partition) offset \(record.offset) "
            + "(\(poison.reason): \(poison.error)). The worker stops; the record and all after it "
            + "stay in the topic. Correct their publisher, or this worker, and start it again. To "
            + "make all of them dead letters, start it with TALLY_POISON_LIMIT=0"
    }
}
