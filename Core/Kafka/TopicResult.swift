/// What has become of one topic of a request about several.
public struct TopicResult: Sendable, Equatable {
    /// The topic's name.
    public let topic: String
    /// Why it failed; `nil` where it is done.
    public let error: KafkaError?

    /// Whether it wasn't created because it is there already.
    public var isAlreadyThere: Bool { error?.isTopicAlreadyThere ?? false }
}
