/// Creates and changes a cluster's topics to match the catalog: never deletes a topic or removes a
/// partition.
public struct TopicApplier<Cluster: TopicCluster>: Sendable {
    private let cluster: Cluster
    private let catalog: [TopicDefinition]

    /// - Parameters:
    ///   - catalog: the wanted topics; ``TopicCatalog/load()``.
    ///   - cluster: the cluster that is compared and changed.
    ///   - prefix: put before every topic's name, so that several stacks can share a cluster.
    ///   - production: whether to use the production values (replication, in-sync replicas).
    public init(
        _ catalog: [TopicDefinition], on cluster: Cluster, prefix: String = "",
        production: Bool = false
    ) {
        self.cluster = cluster
        self.catalog = catalog.map {
            (production ? $0.forProduction : $0).prefixed(with: prefix)
        }
    }

    /// The differences between the cluster and the catalog.
    public func drift() async throws -> [TopicDrift] {
        TopicDrift.between(catalog, try await cluster.describe(catalog.map(\.name)))
    }

    /// Applies every fixable difference. Applying again changes nothing.
    ///
    /// - Returns: the differences that were fixed, and those that an operator must fix.
    /// - Throws: ``TopicApplyError`` where topics can't have the wanted copies: then nothing is
    ///   changed, because a topic with fewer copies than `min.insync.replicas` takes no records.
    ///   The cluster's error at the first change that fails; earlier changes are kept, and
    ///   applying again continues.
    @discardableResult
    public func apply() async throws -> Outcome {
        let drifts = try await drift()
        try await checkCopies(drifts)
        var missing: [TopicDefinition] = []
        var configs: [String: [String: String]] = [:]
        for drift in drifts {
            switch drift {
            case .missing(let topic):
                missing.append(topic)
            case .tooFewPartitions(let topic, let wanted, _):
                try await cluster.addPartitions(topic, total: wanted)
            case .config(let topic, let name, let wanted, _):
                configs[topic, default: [:]][name] = wanted
            case .tooManyPartitions, .replicationFactor:
                continue
            }
        }
        if !missing.isEmpty { try await cluster.create(missing) }
        for (topic, values) in configs.sorted(by: { $0.key < $1.key }) {
            try await cluster.setConfigs(topic, values)
        }
        return Outcome(
            fixed: drifts.filter(\.isFixable), remaining: drifts.filter { !$0.isFixable })
    }

    private func checkCopies(_ drifts: [TopicDrift]) async throws {
        var missing: [TopicDefinition] = []
        for drift in drifts {
            switch drift {
            case .missing(let topic): missing.append(topic)
            case .replicationFactor(let topic, let wanted, let found) where found < wanted:
                throw TopicApplyError.tooFewCopies(topic: topic, wanted: wanted, found: found)
            case .tooFewPartitions, .tooManyPartitions, .replicationFactor, .config: continue
            }
        }
        guard let wanted = missing.map(\.replicationFactor).max(), wanted > 1 else { return }
        let brokers = try await cluster.brokerCount()
        guard brokers >= wanted else {
            throw TopicApplyError.tooFewBrokers(wanted: wanted, found: brokers)
        }
    }

    /// The result of ``apply()``.
    public struct Outcome: Sendable, Equatable {
        /// Differences that were fixed.
        public var fixed: [TopicDrift]
        /// Differences that only an operator can fix.
        public var remaining: [TopicDrift]
    }
}
