/// What the channel does after an event.
public struct TradeOutcome: Sendable, Equatable {
    /// The answer to whoever caused the event.
    public let answer: TradeResponse
    /// What the platform is to be told, in order.
    public let notices: [TradeNotice]
}
