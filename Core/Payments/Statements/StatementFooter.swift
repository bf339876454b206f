/// What a statement says of itself at its end.
public struct StatementFooter: Sendable, Hashable {
    /// How many payments.
    public let tradeCount: Int
    /// Their sum.
    public let tradeTotal: Money
    /// How many refunds.
    public let refundCount: Int
    /// Their sum, not negative.
    public let refundTotal: Money

    /// A footer.
    public init(tradeCount: Int, tradeTotal: Money, refundCount: Int, refundTotal: Money) {
        self.tradeCount = tradeCount
        self.tradeTotal = tradeTotal
        self.refundCount = refundCount
        self.refundTotal = refundTotal
    }
}
