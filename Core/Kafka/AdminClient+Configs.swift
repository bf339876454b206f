import CRdKafka

extension AdminClient {
    func describeConfigs(_ topic: String) throws(KafkaError) -> [String: String] {
        var resources = [rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)]
        defer { rd_kafka_ConfigResource_destroy(resources[0]) }
        let doing = "the settings of \(topic) can't be read"
        return try request(doing) { client, options, queue in
            rd_kafka_DescribeConfigs(client, &resources, 1, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let result = rd_kafka_event_DescribeConfigs_result(event)
            let found = rd_kafka_DescribeConfigs_result_resources(result, &count)
            try Self.check(found, count, doing)
            guard let first = found?[0] else { return [:] }
            var entryCount = 0
            let entries = rd_kafka_ConfigResource_configs(first, &entryCount)
            var values: [String: String] = [:]
            for index in 0..<(entries == nil ? 0 : entryCount) {
                guard let entry = entries?[index], let name = rd_kafka_ConfigEntry_name(entry),
                    let value = rd_kafka_ConfigEntry_value(entry)
                else { continue }
                values[String(cString: name)] = String(cString: value)
            }
            return values
        }
    }

    func alterConfigs(_ topic: String, _ configs: [String: String]) throws(KafkaError) {
        let calls = try IncrementalAlterConfigs.loaded()
        let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        for (name, value) in configs {
            if let error = calls.set(resource, name, value) {
                throw KafkaError(taking: error)
            }
        }
        let doing = "the settings of \(topic) can't be changed"
        var resources = [resource]
        try request(doing) { client, options, queue in
            calls.request(client, &resources, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let found = calls.resources(of: event, &count)
            try Self.check(found, count, doing)
        }
    }

    private static func check(
        _ resources: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int, _ doing: String
    ) throws(KafkaError) {
        for index in 0..<(resources == nil ? 0 : count) {
            guard let resource = resources?[index] else { continue }
            let code = rd_kafka_ConfigResource_error(resource)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let text = rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) }
            throw KafkaError(code, reason: "\(doing): \(text ?? "no reason given")")
        }
    }
}
