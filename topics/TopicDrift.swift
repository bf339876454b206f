/// A difference between the cluster's topics and the catalog.
public enum TopicDrift: Sendable, Equatable {
    /// The cluster lacks the topic.
    case missing(TopicDefinition)
    /// The cluster's topic has fewer partitions than wanted: they can be added.
    case tooFewPartitions(topic: String, wanted: Int, found: Int)
    /// The cluster's topic has more partitions than wanted: Kafka can't remove them.
    case tooManyPartitions(topic: String, wanted: Int, found: Int)
    /// The topic has another replication factor: an operator must reassign its partitions.
    case replicationFactor(topic: String, wanted: Int, found: Int)
    /// A setting differs; `found` is nil where the cluster doesn't report it.
    case config(topic: String, name: String, wanted: String, found: String?)

    /// All differences, sorted by topic name and setting.
    ///
    /// Topics that only the cluster has are ignored.
    public static func between(
        _ catalog: [TopicDefinition], _ cluster: [ClusterTopic]
    ) -> [TopicDrift] {
        let found = Dictionary(cluster.map { ($0.name, $0) }) { first, _ in first }
        return catalog.sorted { $0.name < $1.name }.flatMap { wanted -> [TopicDrift] in
            guard let topic = found[wanted.name] else { return [.missing(wanted)] }
            return differences(wanted, topic)
        }
    }

    /// Whether `tally topics apply` can fix it.
    public var isFixable: Bool {
        switch self {
        case .missing, .tooFewPartitions, .config: true
        case .tooManyPartitions, .replicationFactor: false
        }
    }

    private static func differences(
        _ wanted: TopicDefinition, _ found: ClusterTopic
    ) -> [TopicDrift] {
        var drifts: [TopicDrift] = []
        if found.partitions < wanted.partitions {
            drifts.append(
                .tooFewPartitions(
                    topic: wanted.name, wanted: wanted.partitions, found: found.partitions))
        } else if found.partitions > wanted.partitions {
            drifts.append(
                .tooManyPartitions(
                    topic: wanted.name, wanted: wanted.partitions, found: found.partitions))
        }
        if let copies = found.replicationFactor, copies != wanted.replicationFactor {
            drifts.append(
                .replicationFactor(
                    topic: wanted.name, wanted: wanted.replicationFactor, found: copies))
        }
        for (name, value) in wanted.configs.sorted(by: { $0.key < $1.key })
        where found.configs[name] != value {
            drifts.append(
                .config(
                    topic: wanted.name, name: name, wanted: value, found: found.configs[name]))
        }
        return drifts
    }
}

extension TopicDrift: CustomStringConvertible {
    /// One line for an operator: the topic, the difference and the remedy.
    public var description: String {
        switch self {
        case .missing(let topic):
            "\(topic.name): missing; apply creates it with \(topic.partitions) partitions"
        case .tooFewPartitions(let topic, let wanted, let found):
            "\(topic): \(found) partitions, \(wanted) wanted; apply adds \(wanted - found), "
                + "and keys move to other partitions: let consumers reach its end first"
        case .tooManyPartitions(let topic, let wanted, let found):
            "\(topic): \(found) partitions, \(wanted) wanted; Kafka can't remove partitions: "
                + "change topics/\(topic)/topic.yaml"
        case .replicationFactor(let topic, let wanted, let found):
            "\(topic): replication factor \(found), \(wanted) wanted; apply can't change it: "
                + "use kafka-reassign-partitions.sh"
        case .config(let topic, let name, let wanted, let found):
            "\(topic): \(name) is \(found ?? "not reported"), \(wanted) wanted; apply sets it"
        }
    }
}
