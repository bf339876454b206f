/// A record to be written.
public struct ProducerRecord: Sendable, Equatable {
    /// The topic to write to.
    public var topic: String
    /// The partition; `nil`: chosen by the key (murmur2, as Java's clients do), or any without a
    /// key.
    public var partition: Int32?
    /// Records of a key keep their order.
    public var key: [UInt8]?
    /// The value; empty is an empty value, not null.
    public var value: [UInt8]
    /// Headers, in order.
    public var headers: [KafkaHeader]

    /// A record by its parts.
    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8],
        headers: [KafkaHeader] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Approximate bytes in the producer's queue.
    var byteCount: Int {
        headers.reduce(value.count + (key?.count ?? 0)) {
            $0 + $1.name.utf8.count + $1.value.count
        }
    }
}
