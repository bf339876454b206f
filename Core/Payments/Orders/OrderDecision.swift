/// What an order makes of an observation.
public enum OrderDecision: Sendable, Hashable {
    /// A new state, and what of it the outside is told, in order.
    ///
    /// The list is empty where only a detail became known: the trade number, an earlier time.
    case changed(OrderState, [OrderChange])
    /// Nothing new.
    case unchanged
    /// The observation isn't of this order; nothing changes.
    case mismatch(OrderMismatch)
}
