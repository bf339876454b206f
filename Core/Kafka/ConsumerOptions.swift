/// How a consumer takes part in its group.
public struct ConsumerOptions: Sendable {
    /// Without a sign of life for so long, the group gives its partitions to others.
    public var sessionTimeout: Duration
    /// With a poll missing for so long, the consumer leaves its group by itself; a consumer that
    /// waits for `assign`, or whose partitions are all paused, needs no polls.
    public var maximumPollInterval: Duration
    /// A name that outlives the process, so that a quick restart causes no rebalance.
    public var groupInstanceID: String?

    /// 10 s, 5 min, no name.
    public init(
        sessionTimeout: Duration = .seconds(10), maximumPollInterval: Duration = .seconds(300),
        groupInstanceID: String? = nil
    ) {
        self.sessionTimeout = sessionTimeout
        self.maximumPollInterval = maximumPollInterval
        self.groupInstanceID = groupInstanceID
    }

    /// As librdkafka's options.
    var options: [String: String] {
        let session = sessionTimeout.wholeMilliseconds
        var options = [
            "session.timeout.ms": String(session),
            "heartbeat.interval.ms": String(max(session / 5, 100)),
            "max.poll.interval.ms": String(max(maximumPollInterval.wholeMilliseconds, session)),
        ]
        options["group.instance.id"] = groupInstanceID
        return options
    }
}

extension Duration {
    /// In milliseconds, rounded down.
    var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
