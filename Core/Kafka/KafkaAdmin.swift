import Foundation
public import Logging

/// Administers a cluster's topics. Each call has a client and a thread of its own, which end before
/// it returns; no call blocks its caller's thread.
public struct KafkaAdmin: Sendable {
    private let settings: KafkaSettings
    private let timeout: Duration
    private let logger: Logger

    /// - Parameter timeout: how long a call waits for its response.
    public init(
        settings: KafkaSettings, timeout: Duration = .seconds(15),
        logger: Logger = Logger(label: "kafka-admin")
    ) {
        self.settings = settings
        self.timeout = timeout
        self.logger = logger
    }

    /// The cluster's topics by name, its internal ones (`__…`) left out.
    public func listTopics() async throws(KafkaError) -> [TopicDescription] {
        try await perform { client throws(KafkaError) in try client.listTopics() }
    }

    /// The ids of topics by name: a topic that was deleted and made anew has another. Topics that
    /// the cluster doesn't have are left out, and all where its brokers give no ids.
    public func topicIDs(of topics: [String]) async throws(KafkaError) -> [String: String] {
        guard !topics.isEmpty else { return [:] }
        return try await perform { client throws(KafkaError) in try client.topicIDs(of: topics) }
    }

    /// How many brokers the cluster has now.
    public func brokerCount() async throws(KafkaError) -> Int {
        try await perform { client throws(KafkaError) in try client.brokerCount() }
    }

    /// Creates topics; each has its own result, ``TopicResult/isAlreadyThere`` among them.
    public func createTopics(
        _ topics: [TopicSpecification]
    ) async throws(KafkaError) -> [TopicResult] {
        guard !topics.isEmpty else { return [] }
        return try await perform { client throws(KafkaError) in try client.create(topics) }
    }

    /// Deletes topics and all their records; each has its own result.
    public func deleteTopics(_ names: [String]) async throws(KafkaError) -> [TopicResult] {
        guard !names.isEmpty else { return [] }
        return try await perform { client throws(KafkaError) in try client.delete(names) }
    }

    /// Raises a topic's number of partitions to `total`. Keys may then map to other partitions.
    public func createPartitions(_ topic: String, total: Int) async throws(KafkaError) {
        try await perform { client throws(KafkaError) in
            try client.createPartitions(topic, total: total)
        }
    }

    /// A topic's settings in force, defaults included; those that are secret are left out.
    public func describeConfigs(_ topic: String) async throws(KafkaError) -> [String: String] {
        try await perform { client throws(KafkaError) in try client.describeConfigs(topic) }
    }

    /// Sets some of a topic's settings and keeps its others.
    public func alterConfigs(
        _ topic: String, set configs: [String: String]
    ) async throws(KafkaError) {
        guard !configs.isEmpty else { return }
        try await perform { client throws(KafkaError) in try client.alterConfigs(topic, configs) }
    }

    private func perform<Value: Sendable>(
        _ body: @escaping @Sendable (AdminClient) throws(KafkaError) -> Value
    ) async throws(KafkaError) -> Value {
        let (settings, timeout, logger) = (settings, timeout, logger)
        let result: Result<Value, KafkaError> = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let result = Result { () throws(KafkaError) in
                    let client = try AdminClient(settings, timeout: timeout, logger: logger)
                    defer { client.close() }
                    return try body(client)
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
