import Payments
import Testing

@Suite struct StatementTests {
    private let time = Timestamp(microseconds: 1_795_140_930_000_000)

    private func line(
        _ number: Int, _ kind: StatementLine.Kind, _ fen: Int64, fee: Int64 = 0
    ) -> StatementLine {
        StatementLine(
            lineNo: number, kind: kind, channelTradeNo: "T\(number)", orderNo: "O\(number)",
            refundNo: kind == .refund ? "R\(number)" : nil, amount: Money(fen: fen),
            fee: Money(fen: fee), createdAt: time, completedAt: time, subject: "茶")
    }

    private func statement(
        _ lines: [StatementLine], _ trades: Int, _ tradeFen: Int64, _ refunds: Int,
        _ refundFen: Int64
    ) -> Statement {
        Statement(
            account: "2088", day: .containing(time), lines: lines,
            footer: StatementFooter(
                tradeCount: trades, tradeTotal: Money(fen: tradeFen), refundCount: refunds,
                refundTotal: Money(fen: refundFen)))
    }

    @Test func aWholeStatementPasses() throws {
        try statement([], 0, 0, 0, 0).validate()
        let lines = [line(1, .trade, 9_850, fee: 59), line(2, .refund, 50), line(3, .trade, 1)]
        try statement(lines, 2, 9_851, 1, 50).validate()
    }

    @Test(
        arguments: [
            (3, 9_851, 1, 50, StatementError.Field.tradeCount),
            (2, 9_850, 1, 50, .tradeTotal),
            (2, 9_851, 0, 50, .refundCount),
            (2, 9_851, 1, -50, .refundTotal),
        ] as [(Int, Int64, Int, Int64, StatementError.Field)])
    func aFooterThatDiffersFromItsLinesIsNamed(
        trades: Int, tradeFen: Int64, refunds: Int, refundFen: Int64, field: StatementError.Field
    ) throws {
        let lines = [line(1, .trade, 9_850), line(2, .refund, 50), line(3, .trade, 1)]
        let error = #expect(throws: StatementError.self) {
            try statement(lines, trades, tradeFen, refunds, refundFen).validate()
        }
        let refused = try #require(error)
        #expect(refused.description.contains(field.rawValue))
        guard case .footer(let seen, _, _) = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(seen == field)
    }

    @Test func aLineBelowZeroIsNamed() {
        #expect(
            throws: StatementError.negative(line: 2, field: .amount, seen: Money(fen: -50))
        ) {
            try statement([line(1, .trade, 1), line(2, .refund, -50)], 1, 1, 1, -50).validate()
        }
        #expect(throws: StatementError.negative(line: 1, field: .fee, seen: Money(fen: -1))) {
            try statement([line(1, .trade, 1, fee: -1)], 1, 1, 0, 0).validate()
        }
    }

    @Test func aSumOutOfRangeIsRefused() {
        let lines = [line(1, .trade, .max), line(2, .trade, 1)]
        #expect(throws: StatementError.totalOutOfRange(line: 2)) {
            try statement(lines, 2, .max, 0, 0).validate()
        }
    }
}
