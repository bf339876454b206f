/// A producer's queue limits and time limits.
public struct ProducerLimits: Sendable {
    /// Bytes sent and not acknowledged yet.
    public var queuedBytes: Int
    /// Records sent and not acknowledged yet.
    public var queuedMessages: Int
    /// The largest record; the topic's own `max.message.bytes` applies as well.
    public var messageBytes: Int
    /// A record that isn't acknowledged within this time fails; `nil`: it waits until the broker
    /// answers or the producer is closed. With a limit, a record whose time is up may be overtaken
    /// by a later one of its key.
    public var deliveryTimeout: Duration?
    /// How long a record waits for others to share its request, in whole milliseconds.
    public var linger: Duration

    /// 64 MiB, 200,000 records, 4 MiB a record, 30 s, 1 ms.
    public init(
        queuedBytes: Int = 64 << 20, queuedMessages: Int = 200_000, messageBytes: Int = 4 << 20,
        deliveryTimeout: Duration? = .seconds(30), linger: Duration = .milliseconds(1)
    ) {
        self.queuedBytes = queuedBytes
        self.queuedMessages = queuedMessages
        self.messageBytes = messageBytes
        self.deliveryTimeout = deliveryTimeout
        self.linger = linger
    }

    /// As librdkafka's options, without the queue's limits: ``ProducerQueue`` enforces those, so
    /// that a `send` is queued whole or not at all.
    var options: [String: String] {
        [
            "message.max.bytes": String(max(messageBytes, 1000)),
            // 0 is librdkafka's "no limit".
            "message.timeout.ms": String(deliveryTimeout.map { max($0.wholeMilliseconds, 1) } ?? 0),
            "linger.ms": String(max(linger.wholeMilliseconds, 0)),
        ]
    }
}
