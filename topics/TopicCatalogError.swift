/// Why the topics of this repository could not be read.
public enum TopicCatalogError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The folder that should hold the topics is not there or is empty.
    case empty(folder: String)
    /// A topic's `topic.yaml` can't be read.
    case unreadable(file: String, reason: String)
    /// A topic's `topic.yaml` says something that can't be.
    case invalid(file: String, reason: String)

    /// What happened, to which file, and what to do.
    public var description: String {
        switch self {
        case .empty(let folder):
            "no topics found in \(folder); expected a folder a topic, each with a topic.yaml: "
                + "install the tallyhouse_TopicCatalog.resources folder beside the tally binary"
        case .unreadable(let file, let reason):
            "\(file) can't be read as a topic: \(reason)"
        case .invalid(let file, let reason):
            "\(file) is wrong: \(reason)"
        }
    }
}
