/// The result of one topic of a request about several.
public struct TopicResult: Sendable, Equatable {
    /// The topic's name.
    public let topic: String
    /// The failure; `nil` after success.
    public let error: KafkaError?

    /// Whether it wasn't created because it exists already.
    public var isAlreadyThere: Bool { error?.isTopicAlreadyThere ?? false }
}
