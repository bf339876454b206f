import CRdKafka

extension AdminClient {
    func topicIDs(of topics: [String]) throws(KafkaError) -> [String: String] {
        let calls = try DescribeTopics.loaded()
        return try request("the ids of \(topics.joined(separator: ", ")) can't be read") {
            client, options, queue in
            calls.request(client, topics: topics, options, queue)
        } read: { event in
            calls.ids(of: event)
        }
    }
}
