/// A record as it was read; its bytes are copied out of librdkafka's memory. A class, because
/// thousands are passed from step to step.
public final class KafkaRecord: Sendable {
    /// The partition it was read from.
    public let topicPartition: TopicPartition
    /// Its number in the partition.
    public let offset: Int64
    /// When it was created (or stored, depending on `message.timestamp.type`), in milliseconds
    /// since 1970 UTC; `nil` where the record has none.
    public let timestampMilliseconds: Int64?
    /// Its key; `nil` where it has none, which is not the same as an empty one.
    public let key: [UInt8]?
    /// Its value; empty for a tombstone.
    public let value: [UInt8]
    /// Whether the value is null, which deletes the key in a compacted topic.
    public let isTombstone: Bool
    /// Its headers, in order.
    public let headers: [KafkaHeader]
    /// The epoch of the partition's leader that stored it; `nil` where the broker doesn't say.
    public let leaderEpoch: Int32?

    /// A record by its parts, e.g. for tests of what reads records.
    public init(
        topicPartition: TopicPartition, offset: Int64, timestampMilliseconds: Int64? = nil,
        key: [UInt8]?, value: [UInt8], isTombstone: Bool = false, headers: [KafkaHeader] = [],
        leaderEpoch: Int32? = nil
    ) {
        self.topicPartition = topicPartition
        self.offset = offset
        self.timestampMilliseconds = timestampMilliseconds
        self.key = key
        self.value = value
        self.isTombstone = isTombstone
        self.headers = headers
        self.leaderEpoch = leaderEpoch
    }

    /// The topic it was read from.
    public var topic: String { topicPartition.topic }
    /// The partition's number.
    public var partition: Int32 { topicPartition.partition }

    /// Approximate bytes in memory: key, value and headers.
    var byteCount: Int {
        headers.reduce(value.count + (key?.count ?? 0) + 100) {
            $0 + $1.name.utf8.count + $1.value.count + 64
        }
    }
}

extension KafkaRecord: Equatable {
    /// Whether both are the same record with the same content.
    public static func == (left: KafkaRecord, right: KafkaRecord) -> Bool {
        left.topicPartition == right.topicPartition && left.offset == right.offset
            && left.timestampMilliseconds == right.timestampMilliseconds && left.key == right.key
            && left.value == right.value && left.isTombstone == right.isTombstone
            && left.headers == right.headers
    }
}
