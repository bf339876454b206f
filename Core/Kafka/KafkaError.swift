import CRdKafka

/// An error of librdkafka or of a broker.
public struct KafkaError: Error, Sendable, Equatable {
    /// librdkafka's code: below 0 its own, above 0 the protocol's.
    /// Source: `rd_kafka_resp_err_t` in rdkafka.h.
    public let code: Int32
    /// The code's name, e.g. `_ALL_BROKERS_DOWN`.
    public let name: String
    /// What happened, as text without secrets.
    public let reason: String
    /// Whether the client is unusable: close it and create another.
    public internal(set) var isFatal: Bool
    /// The partition concerned, if any.
    public internal(set) var topicPartition: TopicPartition?
    /// How many records of a `send` weren't acknowledged; the broker may have stored them.
    public internal(set) var failedCount: Int

    init(
        _ code: rd_kafka_resp_err_t, reason: String? = nil, isFatal: Bool = false,
        topicPartition: TopicPartition? = nil, failedCount: Int = 0
    ) {
        self.code = code.rawValue
        self.name = String(cString: rd_kafka_err2name(code))
        self.reason = reason ?? String(cString: rd_kafka_err2str(code))
        self.isFatal = isFatal || code == RD_KAFKA_RESP_ERR__FATAL
        self.topicPartition = topicPartition
        self.failedCount = failedCount
    }

    /// Copies librdkafka's error object and destroys it.
    init(taking error: OpaquePointer) {
        self.init(
            rd_kafka_error_code(error), reason: String(cString: rd_kafka_error_string(error)),
            isFatal: rd_kafka_error_is_fatal(error) != 0)
        rd_kafka_error_destroy(error)
    }

    /// Throws unless the code is that of success.
    static func check(
        _ code: rd_kafka_resp_err_t, _ doing: @autoclosure () -> String
    ) throws(KafkaError) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        throw KafkaError(code, reason: "\(doing()): \(String(cString: rd_kafka_err2str(code)))")
    }

    /// The client was closed by its owner.
    static func closed(_ what: String) -> KafkaError {
        KafkaError(RD_KAFKA_RESP_ERR__DESTROY, reason: "the \(what) is closed")
    }
}

extension KafkaError: CustomStringConvertible {
    /// Reason, name, partition and number of failed records.
    public var description: String {
        var text = "Kafka: \(reason) (\(name))"
        if let topicPartition { text += ", partition \(topicPartition)" }
        if failedCount > 0 { text += ", \(failedCount) records not acknowledged" }
        return text
    }
}
