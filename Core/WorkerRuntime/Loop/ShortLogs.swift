import Kafka

/// Finds partitions whose log ends before the stored offset: the log has lost its end, or the topic
/// was made anew. Brokers answer a fetch there with an error, or with no records at all.
struct ShortLogs {
    private let wait: Duration
    private var since: [TopicPartition: ContinuousClock.Instant] = [:]

    /// - Parameter wait: how long the end must be before the offset.
    init(wait: Duration) { self.wait = wait }

    /// The partitions found, and what the broker says.
    mutating func found(
        ends: [TopicPartition: Int64], stored: [TopicPartition: Int64],
        at now: ContinuousClock.Instant
    ) -> [TopicPartition: String] {
        var found: [TopicPartition: String] = [:]
        var short: [TopicPartition: ContinuousClock.Instant] = [:]
        for (place, offset) in stored {
            guard let end = ends[place], end < offset else { continue }
            let first = since[place] ?? now
            short[place] = first
            if now - first >= wait {
                found[place] = "the topic ends at offset \(end), before the stored \(offset)"
            }
        }
        since = short
        return found
    }
}
