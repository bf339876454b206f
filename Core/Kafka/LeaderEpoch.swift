import CRdKafka
import Glibc

/// librdkafka's functions for leader epochs. Version 2.1 has them, the headers of 2.0.2 don't, so
/// they are looked up in the loaded library.
enum LeaderEpoch {
    private typealias OfMessage =
        @convention(c) (UnsafePointer<rd_kafka_message_t>) -> Int32
    private typealias SetOfPartition =
        @convention(c) (UnsafeMutablePointer<rd_kafka_topic_partition_t>, Int32) -> Void

    private static let ofMessage: OfMessage? = dlsym(nil, "rd_kafka_message_leader_epoch")
        .map { unsafeBitCast($0, to: OfMessage.self) }
    private static let setOfPartition: SetOfPartition? =
        dlsym(nil, "rd_kafka_topic_partition_set_leader_epoch")
        .map { unsafeBitCast($0, to: SetOfPartition.self) }

    /// The epoch of the leader that stored a record; `nil` where the broker doesn't say.
    static func of(_ message: UnsafePointer<rd_kafka_message_t>) -> Int32? {
        guard let epoch = ofMessage?(message), epoch >= 0 else { return nil }
        return epoch
    }

    /// Sets the epoch of the record before a position: the broker then checks that its log has it.
    static func set(
        _ epoch: Int32, of partition: UnsafeMutablePointer<rd_kafka_topic_partition_t>
    ) {
        setOfPartition?(partition, epoch)
    }
}
