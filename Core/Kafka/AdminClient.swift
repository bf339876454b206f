import CRdKafka
import Logging

/// One client for one administrative call, on one thread. Every call blocks until the response or
/// the time-out.
final class AdminClient {
    let handle: ClientHandle
    private let queue: OpaquePointer
    let milliseconds: Int32

    init(_ settings: KafkaSettings, timeout: Duration, logger: Logger) throws(KafkaError) {
        handle = try ClientHandle(
            RD_KAFKA_PRODUCER, settings, defaults: [:], fixed: [:],
            callbacks: ClientCallbacks(logger: logger))
        queue = rd_kafka_queue_new(handle.pointer)
        milliseconds = Int32(clamping: max(timeout.wholeMilliseconds, 1))
    }

    /// Destroys the client; to be called once.
    func close() {
        rd_kafka_queue_destroy(queue)
        handle.destroy()
    }

    /// Makes a request and passes its response to `read`.
    /// - Parameter call: gets the client, the options and the queue for the response.
    func request<Value>(
        _ doing: String, _ call: (OpaquePointer, OpaquePointer, OpaquePointer) -> Void,
        read: (OpaquePointer) throws(KafkaError) -> Value
    ) throws(KafkaError) -> Value {
        guard let options = rd_kafka_AdminOptions_new(handle.pointer, RD_KAFKA_ADMIN_OP_ANY)
        else { throw KafkaError(RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE) }
        defer { rd_kafka_AdminOptions_destroy(options) }
        // librdkafka's own time-out ends first and frees what the call holds.
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, nil, 0)
        call(handle.pointer, options, queue)
        guard let event = rd_kafka_queue_poll(queue, milliseconds &+ 5000) else {
            throw KafkaError(
                RD_KAFKA_RESP_ERR__TIMED_OUT,
                reason: "\(doing): no response within \(milliseconds) ms; check that the brokers "
                    + "can be reached")
        }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let reason = rd_kafka_event_error_string(event).map { String(cString: $0) }
            throw KafkaError(code, reason: "\(doing): \(reason ?? "no reason given")")
        }
        return try read(event)
    }

    /// The results of a response's topics.
    static func results(
        _ topics: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) -> [TopicResult] {
        UnsafeBufferPointer(start: topics, count: topics == nil ? 0 : count)
            .compactMap { $0 }.map { topic in
                let name = String(cString: rd_kafka_topic_result_name(topic))
                let code = rd_kafka_topic_result_error(topic)
                guard code != RD_KAFKA_RESP_ERR_NO_ERROR else {
                    return TopicResult(topic: name, error: nil)
                }
                let text = rd_kafka_topic_result_error_string(topic).map { String(cString: $0) }
                return TopicResult(
                    topic: name, error: KafkaError(code, reason: "topic \(name): \(text ?? "")"))
            }
    }
}
