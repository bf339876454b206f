/// The counts and totals at a statement's end.
public struct StatementFooter: Sendable, Hashable {
    /// The number of payments.
    public let tradeCount: Int
    /// The sum of the payments.
    public let tradeTotal: Money
    /// The number of refunds.
    public let refundCount: Int
    /// The sum of the refunds, not negative.
    public let refundTotal: Money

    /// A footer of these counts and totals.
    public init(tradeCount: Int, tradeTotal: Money, refundCount: Int, refundTotal: Money) {
        self.tradeCount = tradeCount
        self.tradeTotal = tradeTotal
        self.refundCount = refundCount
        self.refundTotal = refundTotal
    }
}
