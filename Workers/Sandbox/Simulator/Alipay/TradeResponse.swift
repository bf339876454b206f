/// The response to an event.
public enum TradeResponse: Sendable, Equatable {
    /// Done; `changed` is false where it was done before.
    case done(Trade, changed: Bool)
    /// Not done.
    case refused(TradeRefusal)
    /// A tick has no response.
    case none
}
