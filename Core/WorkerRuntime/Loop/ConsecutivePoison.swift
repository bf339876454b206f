import Kafka

/// How many records in a row have become dead letters: a worker whose input is all poison stops
/// before it turns a whole topic into dead letters, for then the input's schema or the worker is
/// what is broken, not a record.
struct ConsecutivePoison: Sendable, Equatable {
    /// The letters since the last good record.
    private(set) var length: Int

    /// Follows a batch's records in order.
    /// - Parameters:
    ///   - poison: why, by the record's place in the batch.
    ///   - limit: the longest run that is put up with; 0: any.
    /// - Throws: where the run gets longer.
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

/// Why a worker stopped: all that it reads is poison.
public struct PoisonLimitError: Error, CustomStringConvertible {
    let limit: Int
    let record: KafkaRecord
    let poison: Poison

    /// What happened, where, and what to do.
    public var description: String {
        let partition = record.topicPartition
        return "more than \(limit) records in a row can't be processed, the last of them "
            + "\(partition.topic)/\(partition.partition) offset \(record.offset) "
            + "(\(poison.reason): \(poison.error)). The worker stops; the record and all after it "
            + "stay in the topic. Mend what publishes them, or this worker, and start it again; if "
            + "they are to become dead letters, start it with TALLY_POISON_LIMIT=0"
    }
}
