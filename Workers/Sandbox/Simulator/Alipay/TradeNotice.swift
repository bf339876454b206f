/// A change of a trade that the platform is notified of.
public enum TradeNotice: Sendable, Equatable {
    /// The trade was paid.
    case paid(Trade)
    /// A refund was made.
    case refunded(Trade, TradeRefund)
    /// The trade was closed unpaid.
    case closed(Trade)

    /// The trade, as it was after the change.
    public var trade: Trade {
        switch self {
        case .paid(let trade), .refunded(let trade, _), .closed(let trade): trade
        }
    }
}
