import Testing

@testable import TopicCatalog

@Suite struct TopicApplierTests {
    @Test func applyingMakesTheClusterAsWantedAndThenDoesNothing() async throws {
        let cluster = MemoryCluster()
        let applier = TopicApplier(try TopicCatalog.load(), on: cluster, prefix: "t1.")
        let first = try await applier.apply()
        #expect(first.fixed.count == 13 && first.remaining.isEmpty)
        #expect(await cluster.topics.keys.allSatisfy { $0.hasPrefix("t1.") })
        #expect(try await applier.drift().isEmpty)
        let second = try await applier.apply()
        #expect(second == .init(fixed: [], remaining: []))
    }

    @Test func driftIsFixedAndTheRestIsReported() async throws {
        let cluster = MemoryCluster()
        let applier = TopicApplier(try TopicCatalog.load(), on: cluster)
        try await applier.apply()
        await cluster.change("orders.submitted") {
            $0.partitions = 2
            $0.configs["retention.ms"] = "1"
            $0.configs["of.an.operator"] = "kept"
        }
        await cluster.change("dead-letters") { $0.partitions = 12 }
        let outcome = try await applier.apply()
        #expect(outcome.fixed.count == 2)
        #expect(
            outcome.remaining == [.tooManyPartitions(topic: "dead-letters", wanted: 3, found: 12)])
        let topic = try #require(await cluster.topics["orders.submitted"])
        #expect(topic.partitions == 6)
        #expect(topic.configs["of.an.operator"] == "kept")
    }

    @Test func productionHasThreeReplicas() async throws {
        let cluster = MemoryCluster(brokers: 3)
        try await TopicApplier(try TopicCatalog.load(), on: cluster, production: true).apply()
        #expect(await cluster.topics.values.allSatisfy { $0.replicationFactor == 3 })
    }

    @Test func productionOnTooFewBrokersChangesNothing() async throws {
        let cluster = MemoryCluster(brokers: 1)
        let catalog = try TopicCatalog.load()
        let applier = TopicApplier(catalog, on: cluster, production: true)
        await #expect(throws: TopicApplyError.tooFewBrokers(wanted: 3, found: 1)) {
            try await applier.apply()
        }
        #expect(await cluster.topics.isEmpty)
    }

    @Test func productionOfTopicsWithOneCopyChangesNothing() async throws {
        let cluster = MemoryCluster(brokers: 3)
        let catalog = try TopicCatalog.load()
        try await TopicApplier(catalog, on: cluster).apply()
        await cluster.change("orders.submitted") { $0.partitions = 2 }
        let before = await cluster.topics
        let error = await #expect(throws: TopicApplyError.self) {
            try await TopicApplier(catalog, on: cluster, production: true).apply()
        }
        #expect(error?.description.contains("has 1 copies, 3 are wanted; nothing was") == true)
        #expect(await cluster.topics == before)
    }
}

/// A cluster in memory.
private actor MemoryCluster: TopicCluster {
    private(set) var topics: [String: ClusterTopic] = [:]
    private let brokers: Int

    init(brokers: Int = 1) { self.brokers = brokers }

    func brokerCount() -> Int { brokers }

    func change(_ name: String, _ body: (inout ClusterTopic) -> Void) {
        if var topic = topics[name] {
            body(&topic)
            topics[name] = topic
        }
    }

    func describe(_ names: [String]) -> [ClusterTopic] {
        names.compactMap { topics[$0] }
    }

    func create(_ wanted: [TopicDefinition]) {
        for topic in wanted where topics[topic.name] == nil {
            topics[topic.name] = ClusterTopic(
                name: topic.name, partitions: topic.partitions,
                replicationFactor: topic.replicationFactor, configs: topic.configs)
        }
    }

    func addPartitions(_ topic: String, total: Int) {
        change(topic) { $0.partitions = total }
    }

    func setConfigs(_ topic: String, _ configs: [String: String]) {
        change(topic) { $0.configs.merge(configs) { _, new in new } }
    }
}
