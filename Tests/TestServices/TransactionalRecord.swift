import CRdKafka
import Foundation

/// Records of a transactional producer, which other systems may use: its markers take offsets that
/// hold no records.
public enum TransactionalRecord {
    /// A call failed.
    public struct Failure: Error {
        /// The call, and librdkafka's name of the error.
        public let description: String
    }

    /// Writes a value to a topic's first partition in a transaction of its own.
    public static func write(_ value: String, to topic: String, brokers: String) async throws {
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: Result { try write(value, topic, brokers) })
            }
        }
        try result.get()
    }

    private static func write(_ value: String, _ topic: String, _ brokers: String) throws {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, nil, 0)
        rd_kafka_conf_set(configuration, "transactional.id", UUID().uuidString, nil, 0)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
            throw Failure(description: "no client")
        }
        defer { rd_kafka_destroy(client) }
        try check("init", rd_kafka_init_transactions(client, 20_000))
        try check("begin", rd_kafka_begin_transaction(client))
        let code = Array(value.utf8).withUnsafeBytes { bytes in
            tally_kafka_produce(
                client, topic, 0, nil, 0, bytes.baseAddress, bytes.count, nil, nil)
        }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw Failure(description: "produce: \(String(cString: rd_kafka_err2name(code)))")
        }
        try check("commit", rd_kafka_commit_transaction(client, 20_000))
    }

    private static func check(_ call: String, _ error: OpaquePointer?) throws {
        guard let error else { return }
        defer { rd_kafka_error_destroy(error) }
        throw Failure(description: "\(call): \(String(cString: rd_kafka_error_string(error)))")
    }
}
