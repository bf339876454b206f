/// The answer to an event.
public enum TradeResponse: Sendable, Equatable {
    /// Done; `changed` is false where a repeat found it done before.
    case done(Trade, changed: Bool)
    /// Not done, and why.
    case refused(TradeRefusal)
    /// Nothing to answer (a tick).
    case none
}
