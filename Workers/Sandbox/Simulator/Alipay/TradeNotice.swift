/// A fact worth a notification.
public enum TradeNotice: Sendable, Equatable {
    /// The trade was paid.
    case paid(Trade)
    /// A refund was made.
    case refunded(Trade, TradeRefund)
    /// The trade was closed unpaid.
    case closed(Trade)

    /// The trade it is about, as it was then.
    public var trade: Trade {
        switch self {
        case .paid(let trade), .refunded(let trade, _), .closed(let trade): trade
        }
    }
}
