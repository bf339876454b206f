/// What the platform does with money that comes for an order that was published as closed.
public enum LatePaymentRule: String, Sendable, Hashable, CaseIterable {
    /// It counts, and is marked as late.
    case accept
    /// It counts, is marked as late, and is refunded in full by itself.
    case refund
}
