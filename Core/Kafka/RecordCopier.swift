import CRdKafka
import Glibc

/// Copies librdkafka's messages to Swift values. Caches the last topic's name, so that a batch of
/// one topic creates one string.
struct RecordCopier {
    private var lastName: [CChar] = []
    private var lastTopic = ""

    /// Copies a message that isn't an error. The caller destroys the message. It must be read where
    /// librdkafka put it: a copy of the struct loses its headers.
    mutating func copy(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> KafkaRecord {
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &kind)
        let isTombstone = message.pointee.payload == nil
        return KafkaRecord(
            topicPartition: TopicPartition(
                topic: topicName(message.pointee.rkt), partition: message.pointee.partition),
            offset: message.pointee.offset,
            timestampMilliseconds: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? nil : timestamp,
            key: message.pointee.key.map { Self.bytes($0, message.pointee.key_len) },
            value: isTombstone ? [] : Self.bytes(message.pointee.payload, message.pointee.len),
            isTombstone: isTombstone, headers: Self.headers(message),
            leaderEpoch: LeaderEpoch.of(message))
    }

    /// The partition that a message is of.
    mutating func place(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> TopicPartition {
        TopicPartition(
            topic: topicName(message.pointee.rkt), partition: message.pointee.partition)
    }

    /// The error that a message carries.
    mutating func error(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> KafkaError {
        let code = message.pointee.err
        let reason = rd_kafka_message_errstr(message).map { String(cString: $0) }
        let place: TopicPartition? = message.pointee.rkt.map {
            TopicPartition(topic: topicName($0), partition: message.pointee.partition)
        }
        return KafkaError(code, reason: reason, topicPartition: place)
    }

    private mutating func topicName(_ topic: OpaquePointer?) -> String {
        guard let topic, let name = rd_kafka_topic_name(topic) else { return "" }
        if !lastName.isEmpty && strcmp(name, lastName) == 0 { return lastTopic }
        lastName = Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
        lastTopic = String(cString: name)
        return lastTopic
    }

    private static func headers(
        _ message: UnsafeMutablePointer<rd_kafka_message_t>
    ) -> [KafkaHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list
        else { return [] }
        let count = rd_kafka_header_cnt(list)
        return (0..<count).compactMap { index in
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            let code = rd_kafka_header_get_all(list, index, &name, &value, &size)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let name else { return nil }
            return KafkaHeader(name: String(cString: name), value: bytes(value, size))
        }
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}
