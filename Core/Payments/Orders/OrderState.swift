/// An order's state: the status and the facts that it follows from.
///
/// Facts are only added: opened, closed, paid, each refund. So the observations of one trade, in
/// any order and however often, end in the same state. The rule is
/// `applying(_:from:expected:now:)`.
public struct OrderState: Sendable, Hashable {
    /// The status that follows from the facts.
    public var status: OrderStatus
    /// The order's amount.
    public let amount: Money
    /// The sum of the proven refunds.
    public var refunded: Money
    /// When it was paid: the earliest time observed.
    public var paidAt: Timestamp?
    /// When it was closed: the earliest time observed; kept when a late payment follows.
    public var closedAt: Timestamp?
    /// The channel's trade number.
    public var channelTradeNo: String?
    /// Whether the order was both closed and paid: a late payment.
    public var isLate: Bool
    /// The amounts of the refunds that took effect, by refund number.
    public var refunds: [String: Money]
    /// The numbers of refunds that the channel has reported and not proven yet: each is queried.
    public var reportedRefunds: Set<String>
    /// The largest sum of refunds that the channel has reported. It makes and sizes no refund;
    /// above `refunded`, a refund is missing here.
    public var reportedSum: Money

    /// A stored state; by default that of an order just accepted.
    public init(
        status: OrderStatus = .accepted, amount: Money, refunded: Money = .zero,
        paidAt: Timestamp? = nil, closedAt: Timestamp? = nil, channelTradeNo: String? = nil,
        isLate: Bool = false, refunds: [String: Money] = [:], reportedRefunds: Set<String> = [],
        reportedSum: Money = .zero
    ) {
        self.status = status
        self.amount = amount
        self.refunded = refunded
        self.paidAt = paidAt
        self.closedAt = closedAt
        self.channelTradeNo = channelTradeNo
        self.isLate = isLate
        self.refunds = refunds
        self.reportedRefunds = reportedRefunds
        self.reportedSum = reportedSum
    }
}
