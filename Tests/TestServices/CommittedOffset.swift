import CRdKafka
import Foundation

/// The offsets that groups have committed to Kafka, for which the product has no use.
public enum CommittedOffset {
    /// The request failed.
    public struct Failure: Error {
        /// librdkafka's name of the error.
        public let name: String
    }

    /// Reads the offset of a topic's first partition; below 0 where none is committed.
    public static func read(
        group: String, topic: String, brokers: String
    ) async throws -> Int64 {
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: Result { try fetch(group, topic, brokers) })
            }
        }
        return try result.get()
    }

    private static func fetch(
        _ group: String, _ topic: String, _ brokers: String
    ) throws -> Int64 {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, nil, 0)
        rd_kafka_conf_set(configuration, "group.id", group, nil, 0)
        guard let client = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, nil, 0) else {
            throw Failure(name: "no client")
        }
        defer { rd_kafka_destroy(client) }
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, topic, 0)
        let code = rd_kafka_committed(client, list, 20_000)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let element = list?.pointee.elems else {
            throw Failure(name: String(cString: rd_kafka_err2name(code)))
        }
        return element.pointee.offset
    }
}
