/// All that is known of an order's life.
///
/// Facts are only ever added: that it was opened, closed, paid, what was refunded; the status
/// follows from them. So observations of one trade, in any order and however often, end in the same
/// state. The rule is in `applying(_:expected:now:)`.
public struct OrderState: Sendable, Hashable {
    /// Where the order is.
    public var status: OrderStatus
    /// The order's amount.
    public let amount: Money
    /// All that is known to have been refunded.
    public var refunded: Money
    /// When it was paid: the earliest time told.
    public var paidAt: Timestamp?
    /// When it was closed: the earliest time told. Stays where a late payment followed.
    public var closedAt: Timestamp?
    /// The channel's trade number.
    public var channelTradeNo: String?
    /// Whether the order was both closed and paid: the money came after all.
    public var isLate: Bool
    /// The refunds known to have succeeded, by refund number.
    ///
    /// Zero where the channel told the number but not the amount.
    public var refunds: [String: Money]

    /// A state as it was stored; by default that of an order just accepted.
    public init(
        status: OrderStatus = .accepted, amount: Money, refunded: Money = .zero,
        paidAt: Timestamp? = nil, closedAt: Timestamp? = nil, channelTradeNo: String? = nil,
        isLate: Bool = false, refunds: [String: Money] = [:]
    ) {
        self.status = status
        self.amount = amount
        self.refunded = refunded
        self.paidAt = paidAt
        self.closedAt = closedAt
        self.channelTradeNo = channelTradeNo
        self.isLate = isLate
        self.refunds = refunds
    }
}
