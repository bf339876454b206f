import CRdKafka

extension ClientHandle {
    /// All partitions of the topics. Blocks for up to a second a topic; throws for the first topic
    /// that the cluster doesn't have.
    func partitions(of topics: [String]) throws(KafkaError) -> Set<TopicPartition> {
        var found: Set<TopicPartition> = []
        for topic in topics {
            for partition in 0..<(try partitionCount(of: topic)) {
                found.insert(TopicPartition(topic: topic, partition: partition))
            }
        }
        return found
    }

    private func partitionCount(of topic: String) throws(KafkaError) -> Int32 {
        guard let object = rd_kafka_topic_new(pointer, topic, nil) else {
            throw KafkaError(rd_kafka_last_error())
        }
        defer { rd_kafka_topic_destroy(object) }
        var response: UnsafePointer<rd_kafka_metadata>?
        try KafkaError.check(
            rd_kafka_metadata(pointer, 0, object, &response, 1000),
            "the partitions of \(topic) can't be read")
        guard let response else { return 0 }
        defer { rd_kafka_metadata_destroy(response) }
        guard response.pointee.topic_cnt > 0 else {
            throw KafkaError(
                RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                reason: "the cluster has no topic \(topic)")
        }
        let first = response.pointee.topics[0]
        try KafkaError.check(first.err, "topic \(topic)")
        return first.partition_cnt
    }
}
