/// Makes a cluster's topics as the catalog says, and nothing more: no topic is ever deleted, no
/// partition taken away.
public struct TopicApplier<Cluster: TopicCluster>: Sendable {
    private let cluster: Cluster
    private let catalog: [TopicDefinition]

    /// - Parameters:
    ///   - catalog: the topics wanted; ``TopicCatalog/load()``.
    ///   - cluster: where they are wanted.
    ///   - prefix: put before every topic's name, so that several stacks can share a cluster.
    ///   - production: whether the production values are wanted (copies, in-sync copies).
    public init(
        _ catalog: [TopicDefinition], on cluster: Cluster, prefix: String = "",
        production: Bool = false
    ) {
        self.cluster = cluster
        self.catalog = catalog.map {
            (production ? $0.forProduction : $0).prefixed(with: prefix)
        }
    }

    /// How the cluster differs from the catalog; empty where it doesn't.
    public func drift() async throws -> [TopicDrift] {
        TopicDrift.between(catalog, try await cluster.describe(catalog.map(\.name)))
    }

    /// Mends what can be mended. Applying twice changes nothing the second time.
    ///
    /// - Returns: what was mended, and what an operator must do by hand.
    /// - Throws: the cluster's error at the first change that fails; those before it stay done,
    ///   and applying again goes on from there.
    @discardableResult
    public func apply() async throws -> Outcome {
        let drifts = try await drift()
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
            mended: drifts.filter(\.isMendable), left: drifts.filter { !$0.isMendable })
    }

    /// What applying did.
    public struct Outcome: Sendable, Equatable {
        /// Differences that are gone now.
        public var mended: [TopicDrift]
        /// Differences that only an operator can end.
        public var left: [TopicDrift]
    }
}
