/// The effect of an observation on an order.
public enum OrderDecision: Sendable, Hashable {
    /// A new state, and the changes to publish, in order.
    ///
    /// The list is empty where only a detail became known: the trade number, an earlier time.
    case changed(OrderState, [OrderChange])
    /// No effect: nothing in it is new.
    case unchanged
    /// The observation doesn't match the order; no effect.
    case mismatch(OrderMismatch)
}
