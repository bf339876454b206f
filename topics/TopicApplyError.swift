/// Why nothing was applied.
public enum TopicApplyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The cluster has fewer brokers than the missing topics are to have copies.
    case tooFewBrokers(wanted: Int, found: Int)
    /// A topic has fewer copies than wanted; only an operator can add some.
    case tooFewCopies(topic: String, wanted: Int, found: Int)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .tooFewBrokers(let wanted, let found):
            "topics are to have \(wanted) copies and the cluster has \(found) brokers; nothing was "
                + "changed: add brokers, or apply without --production"
        case .tooFewCopies(let topic, let wanted, let found):
            "\(topic) has \(found) copies, \(wanted) are wanted; nothing was changed: add copies "
                + "with kafka-reassign-partitions.sh, then apply again"
        }
    }
}
