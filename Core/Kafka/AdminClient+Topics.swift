import CRdKafka

extension AdminClient {
    func create(_ topics: [TopicSpecification]) throws(KafkaError) -> [TopicResult] {
        var made: [OpaquePointer?] = []
        defer { for topic in made { rd_kafka_NewTopic_destroy(topic) } }
        for topic in topics {
            made.append(try newTopic(topic))
        }
        return try request("topics can't be created") { client, options, queue in
            rd_kafka_CreateTopics(client, &made, made.count, options, queue)
        } read: { event in
            var count = 0
            let result = rd_kafka_event_CreateTopics_result(event)
            return Self.results(rd_kafka_CreateTopics_result_topics(result, &count), count)
        }
    }

    func delete(_ names: [String]) throws(KafkaError) -> [TopicResult] {
        var topics = names.map { rd_kafka_DeleteTopic_new($0) }
        defer { for topic in topics { rd_kafka_DeleteTopic_destroy(topic) } }
        return try request("topics can't be deleted") { client, options, queue in
            rd_kafka_DeleteTopics(client, &topics, topics.count, options, queue)
        } read: { event in
            var count = 0
            let result = rd_kafka_event_DeleteTopics_result(event)
            return Self.results(rd_kafka_DeleteTopics_result_topics(result, &count), count)
        }
    }

    func createPartitions(_ topic: String, total: Int) throws(KafkaError) {
        var text = [CChar](repeating: 0, count: 512)
        var wanted = [rd_kafka_NewPartitions_new(topic, total, &text, text.count)]
        guard let first = wanted[0] else { throw Self.refusal(topic, text) }
        defer { rd_kafka_NewPartitions_destroy(first) }
        let results = try request("partitions can't be added to \(topic)") {
            client, options, queue in
            rd_kafka_CreatePartitions(client, &wanted, 1, options, queue)
        } read: { event in
            var count = 0
            let result = rd_kafka_event_CreatePartitions_result(event)
            return Self.results(rd_kafka_CreatePartitions_result_topics(result, &count), count)
        }
        if let error = results.compactMap(\.error).first { throw error }
    }

    private func newTopic(_ topic: TopicSpecification) throws(KafkaError) -> OpaquePointer {
        var text = [CChar](repeating: 0, count: 512)
        let made = rd_kafka_NewTopic_new(
            topic.name, Int32(clamping: topic.partitions),
            Int32(clamping: topic.replicationFactor), &text, text.count)
        guard let made else { throw Self.refusal(topic.name, text) }
        for (name, value) in topic.configs {
            let code = rd_kafka_NewTopic_set_config(made, name, value)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                rd_kafka_NewTopic_destroy(made)
                throw KafkaError(code, reason: "topic \(topic.name), setting \(name): refused")
            }
        }
        return made
    }

    private static func refusal(_ topic: String, _ text: [CChar]) -> KafkaError {
        let reason = text.withUnsafeBufferPointer(ClientCallbacks.text)
        return KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, reason: "topic \(topic): \(reason)")
    }
}
