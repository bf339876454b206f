/// An order's state: the status and the facts that it follows from.
///
/// Facts are only added: opened, closed, paid, each refund. So the observations of one trade, in
/// any order and however often, end in the same state. The rule is `applying(_:expected:now:)`.
public struct OrderState: Sendable, Hashable {
    /// The status that follows from the facts.
    public var status: OrderStatus
    /// The order's amount.
    public let amount: Money
    /// The sum of the known refunds.
    public var refunded: Money
    /// When it was paid: the earliest time observed.
    public var paidAt: Timestamp?
    /// When it was closed: the earliest time observed; kept when a late payment follows.
    public var closedAt: Timestamp?
    /// The channel's trade number.
    public var channelTradeNo: String?
    /// Whether the order was both closed and paid: a late payment.
    public var isLate: Bool
    /// The amounts of the refunds that took effect, by refund number; zero where the amount isn't
    /// known.
    public var refunds: [String: Money]

    /// A stored state; by default that of an order just accepted.
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
