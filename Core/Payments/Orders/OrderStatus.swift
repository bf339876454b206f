/// Where an order is.
public enum OrderStatus: String, Sendable, Hashable, Codable, CaseIterable {
    /// Taken; the payer has not been to the cashier.
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

    /// Whether the money came in, whatever was refunded since.
    public var isPaid: Bool {
        switch self {
        case .paid, .partiallyRefunded, .refunded: true
        case .accepted, .paying, .closed: false
        }
    }

    /// Whether the payer's money is still waited for.
    public var isInProgress: Bool { self == .accepted || self == .paying }
}
