public import Store

/// The result of applying a batch.
public struct BatchEffect: Sendable {
    /// Published after the commit, in this order.
    public var events: [OutgoingEvent]
    /// Items that become dead letters, by their index in the batch.
    public var poison: [Int: Poison]
    /// How many items were rejected by a business rule.
    public var rejectedCount: Int

    /// No events, no poison and no rejections by default.
    public init(events: [OutgoingEvent] = [], poison: [Int: Poison] = [:], rejectedCount: Int = 0) {
        self.events = events
        self.poison = poison
        self.rejectedCount = rejectedCount
    }
}
