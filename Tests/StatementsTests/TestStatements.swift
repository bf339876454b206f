import Payments

/// Statements of these tests: payments of 1.00 yuan each.
enum TestStatements {
    static func statement(
        of day: BusinessDay, lines count: Int, footerTotal: Money? = nil, subject: String = ""
    ) -> Statement {
        let amount = Money(fen: 100)
        let lines = (0..<count).map { index in
            StatementLine(
                lineNo: index + 1, kind: .trade, channelTradeNo: "C\(index)",
                orderNo: "T\(index)", refundNo: nil, amount: amount, fee: Money(fen: 1),
                createdAt: day.start, completedAt: day.start, subject: subject)
        }
        return Statement(
            account: "bills-1", day: day, lines: lines,
            footer: StatementFooter(
                tradeCount: count, tradeTotal: footerTotal ?? Money(fen: Int64(count) * 100),
                refundCount: 0, refundTotal: .zero))
    }
}
