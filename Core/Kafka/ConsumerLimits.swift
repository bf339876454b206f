/// How much a consumer holds in memory at a time.
public struct ConsumerLimits: Sendable {
    /// Bytes fetched and not yet polled, of all partitions together. Fetches in flight, one a
    /// broker, may exceed it.
    public var queuedBytes: Int
    /// Records a partition that librdkafka tries to keep fetched.
    public var queuedMessages: Int
    /// Bytes at which a poll returns even if it may return more records; exceeded by one record at
    /// most.
    public var batchBytes: Int

    /// 16 MiB, 10,000 records, 8 MiB.
    public init(
        queuedBytes: Int = 16 << 20, queuedMessages: Int = 10_000, batchBytes: Int = 8 << 20
    ) {
        self.queuedBytes = queuedBytes
        self.queuedMessages = queuedMessages
        self.batchBytes = batchBytes
    }

    /// As librdkafka's options.
    var options: [String: String] {
        let fetchBytes = min(max(queuedBytes / 4, 1 << 16), 1 << 20)
        return [
            "queued.max.messages.kbytes": String(max(queuedBytes >> 10, 1)),
            "queued.min.messages": String(max(queuedMessages, 1)),
            "fetch.message.max.bytes": String(fetchBytes),
            "fetch.max.bytes": String(min(max(queuedBytes, fetchBytes), 50 << 20)),
            "message.max.bytes": String(fetchBytes),
            // How long a fetch waits after a full queue; librdkafka's default, a second, starves
            // the consumer.
            "fetch.queue.backoff.ms": "10",
        ]
    }
}
