/// An order's status.
public enum OrderStatus: String, Sendable, Hashable, Codable, CaseIterable {
    /// Accepted; the payer has not opened the cashier.
    case accepted
    /// The payer has opened the cashier.
    case paying
    /// Paid.
    case paid
    /// Paid, and refunded in part.
    case partiallyRefunded = "partially_refunded"
    /// Paid, and refunded in full.
    case refunded
    /// Ended without payment.
    case closed

    /// Whether it was paid, refunded since or not.
    public var isPaid: Bool {
        switch self {
        case .paid, .partiallyRefunded, .refunded: true
        case .accepted, .paying, .closed: false
        }
    }

    /// Whether a payment is still expected.
    public var isInProgress: Bool { self == .accepted || self == .paying }
}
