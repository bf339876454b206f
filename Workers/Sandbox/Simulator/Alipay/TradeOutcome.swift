/// The result of an event.
public struct TradeOutcome: Sendable, Equatable {
    /// The response to the caller.
    public let response: TradeResponse
    /// What the platform is notified of, in order.
    public let notices: [TradeNotice]
}
