import CRdKafka

extension AdminClient {
    func listTopics() throws(KafkaError) -> [TopicDescription] {
        let response = try metadata("topics can't be listed")
        defer { rd_kafka_metadata_destroy(response) }
        let topics = UnsafeBufferPointer(
            start: response.pointee.topics, count: Int(response.pointee.topic_cnt))
        return topics.map { topic in
            let copies = topic.partition_cnt > 0 ? topic.partitions[0].replica_cnt : 0
            return TopicDescription(
                name: String(cString: topic.topic), partitions: Int(topic.partition_cnt),
                replicationFactor: Int(copies))
        }
        .filter { !$0.name.hasPrefix("__") }
        .sorted { $0.name < $1.name }
    }

    func brokerCount() throws(KafkaError) -> Int {
        let response = try metadata("brokers can't be counted")
        defer { rd_kafka_metadata_destroy(response) }
        return Int(response.pointee.broker_cnt)
    }

    /// The cluster's metadata, to be destroyed by the caller.
    ///
    /// librdkafka retries a refused login and an untrusted certificate like an outage, and reports
    /// a time-out in the end. So its errors are read meanwhile: a refusal ends the wait, and the
    /// error names the cause.
    private func metadata(
        _ doing: String
    ) throws(KafkaError) -> UnsafePointer<rd_kafka_metadata> {
        let deadline = MonotonicTime.now + UInt64(milliseconds) * 1_000_000
        while true {
            let now = MonotonicTime.now
            let left = now < deadline ? Int32((deadline - now) / 1_000_000) : 0
            var response: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(handle.pointer, 1, nil, &response, min(left + 1, 1_000))
            if code == RD_KAFKA_RESP_ERR_NO_ERROR, let response { return response }
            // Serves the callback of errors.
            rd_kafka_poll(handle.pointer, 0)
            let cause = handle.status.cause
            if left <= 1_000 || cause?.isRefusal == true {
                throw KafkaError.unanswered(code, doing, because: cause)
            }
        }
    }
}

extension KafkaError {
    /// Whether a broker refused this client's login or its encryption, or the client the broker's:
    /// settings must be changed.
    public var isRefusal: Bool { isLoginRefused || isEncryptionRefused }

    /// Whether the broker didn't accept the login.
    public var isLoginRefused: Bool {
        code == RD_KAFKA_RESP_ERR__AUTHENTICATION.rawValue
            || code == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED.rawValue
            || code == RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM.rawValue
    }

    /// Whether no encrypted connection was agreed on: a certificate that isn't trusted, or one side
    /// without encryption.
    public var isEncryptionRefused: Bool { code == RD_KAFKA_RESP_ERR__SSL.rawValue }

    /// - Parameter cause: an earlier error that explains a time-out.
    fileprivate static func unanswered(
        _ code: rd_kafka_resp_err_t, _ doing: String, because cause: KafkaError?
    ) -> KafkaError {
        let reason = cause?.reason ?? String(cString: rd_kafka_err2str(code))
        return KafkaError(
            cause.map { rd_kafka_resp_err_t($0.code) } ?? code, reason: "\(doing): \(reason)")
    }
}
