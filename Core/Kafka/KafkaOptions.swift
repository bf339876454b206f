import CRdKafka

/// librdkafka's options, checked before a client is made.
public enum KafkaOptions {
    /// Why an option can't be used.
    public enum Problem: Sendable, Equatable {
        /// librdkafka has no such option.
        case unknown
        /// librdkafka doesn't accept the value.
        case invalid
        /// The clients of this library set it themselves: their guarantees depend on it.
        case reserved
    }

    /// What is wrong with an option; `nil` where it can be set.
    public static func problem(_ name: String, _ value: String) -> Problem? {
        if reserved.contains(name) { return .reserved }
        guard let configuration = rd_kafka_conf_new() else { return nil }
        defer { rd_kafka_conf_destroy(configuration) }
        switch rd_kafka_conf_set(configuration, name, value, nil, 0) {
        case RD_KAFKA_CONF_OK: return nil
        case RD_KAFKA_CONF_UNKNOWN: return .unknown
        default: return .invalid
        }
    }

    /// The names of the options that have a value by default.
    public static var names: [String] {
        guard let configuration = rd_kafka_conf_new() else { return [] }
        defer { rd_kafka_conf_destroy(configuration) }
        var count = 0
        guard let pairs = rd_kafka_conf_dump(configuration, &count) else { return [] }
        defer { rd_kafka_conf_dump_free(pairs, count) }
        // Names and values take turns.
        return stride(from: 0, to: count, by: 2).compactMap { index in
            pairs[index].map { String(cString: $0) }
        }
    }

    private static let reserved: Set<String> = [
        "bootstrap.servers", "metadata.broker.list", "client.id", "acks", "request.required.acks",
        "enable.idempotence", "group.id", "enable.auto.commit", "auto.commit.enable",
        "enable.auto.offset.store", "auto.offset.reset", "enable.partition.eof",
        "partition.assignment.strategy", "queue.buffering.max.messages",
        "queue.buffering.max.kbytes", "transactional.id",
    ]
}
