public import Payments

/// Makes a day's bill from the trades.
public struct BillMaker: Sendable {
    /// The fee of each line.
    public let fee: ChannelFee
    /// The account that the bill names.
    public let account: String

    /// - Parameter account: `seller_id` with the suffix of its balance account.
    public init(fee: ChannelFee, account: String) {
        self.fee = fee
        self.account = account
    }

    /// The bill of `day`: payments and refunds in the order of their completion.
    /// - Parameter faults: by `out_trade_no`: what the bill adds wrongly to a payment, its coupons,
    ///   and whether the fee is kept on its refunds.
    public func statement(
        of trades: some Sequence<Trade>, day: BusinessDay, faults: [String: ChannelFaults] = [:]
    ) -> Statement {
        let entries = trades.flatMap { billed($0, faults[$0.orderNo] ?? ChannelFaults()) }
            .filter { $0.completedAt >= day.start && $0.completedAt < day.end }
            .sorted { ($0.completedAt, $0.tradeNo) < ($1.completedAt, $1.tradeNo) }
        let lines = entries.enumerated().map { index, entry in entry.line(index + 1) }
        let (sales, refunds) = (
            lines.filter { $0.kind == .trade }, lines.filter { $0.kind == .refund }
        )
        return Statement(
            account: account, day: day, lines: lines,
            footer: StatementFooter(
                tradeCount: sales.count,
                tradeTotal: sales.reduce(.zero) { $0 + $1.amount },
                refundCount: refunds.count,
                refundTotal: refunds.reduce(.zero) { $0 + $1.amount }))
    }

    private func billed(_ trade: Trade, _ faults: ChannelFaults) -> [BillEntry] {
        guard let paidAt = trade.paidAt else { return [] }
        let received = PaidAmounts(trade, faults).received
        let payment = BillEntry(
            trade: trade, kind: .trade, refundNo: nil, amount: received + faults.billDelta,
            fee: fee.charged(on: received), completedAt: trade.bookedAt ?? paidAt)
        return [payment]
            + trade.refunds.map { refund in
                BillEntry(
                    trade: trade, kind: .refund, refundNo: refund.requestNo,
                    amount: refund.amount,
                    fee: faults.keepsFeeOnRefund ? .zero : fee.returned(by: refund),
                    completedAt: refund.refundedAt)
            }
    }
}

/// A row of the bill before it has its line number.
private struct BillEntry {
    let trade: Trade
    let kind: StatementLine.Kind
    let refundNo: String?
    let amount: Money
    let fee: Money
    let completedAt: Timestamp

    var tradeNo: String { trade.tradeNo }

    func line(_ number: Int) -> StatementLine {
        StatementLine(
            lineNo: number, kind: kind, channelTradeNo: trade.tradeNo, orderNo: trade.orderNo,
            refundNo: refundNo, amount: amount, fee: fee, createdAt: trade.createdAt,
            completedAt: completedAt, subject: trade.terms.subject)
    }
}
