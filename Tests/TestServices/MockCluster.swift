public import CRdKafka

/// librdkafka's mock cluster, for errors that the embedded broker can't produce.
///
/// Used by one test at a time; destroyed with its last reference.
public final class MockCluster {
    private let client: OpaquePointer
    private let cluster: OpaquePointer

    /// A cluster of one broker; `nil` where librdkafka can't create it.
    public init?() {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "log_level", "3", nil, 0)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
            return nil
        }
        guard let cluster = rd_kafka_mock_cluster_new(client, 1) else {
            rd_kafka_destroy(client)
            return nil
        }
        self.client = client
        self.cluster = cluster
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    /// Its address, for `bootstrap.servers`.
    public var brokers: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

    /// Creates a topic without records.
    public func createTopic(_ name: String, partitions: Int32 = 1) {
        rd_kafka_mock_topic_create(cluster, name, partitions, 1)
    }

    /// Closes its broker's connections and refuses new ones, or accepts them again.
    public func setDown(_ isDown: Bool) {
        if isDown {
            rd_kafka_mock_broker_set_down(cluster, 1)
        } else {
            rd_kafka_mock_broker_set_up(cluster, 1)
        }
    }

    /// Answers every produce request with an error that clients retry.
    public func failAllProduces() {
        failProduces(Array(repeating: RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, count: 10_000))
    }

    /// Answers the next produce requests with errors instead.
    public func failProduces(_ errors: [rd_kafka_resp_err_t]) {
        // 0 is Produce's API key.
        errors.withUnsafeBufferPointer { errors in
            rd_kafka_mock_push_request_errors_array(cluster, 0, errors.count, errors.baseAddress)
        }
    }
}
