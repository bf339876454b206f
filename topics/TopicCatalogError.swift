/// Why the topics can't be loaded.
public enum TopicCatalogError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The topics' folder doesn't exist or is empty.
    case empty(folder: String)
    /// A topic's `topic.yaml` can't be read.
    case unreadable(file: String, reason: String)
    /// A topic's `topic.yaml` has an invalid value.
    case invalid(file: String, reason: String)

    /// The file, what is wrong and the remedy.
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
