import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("Bills that we write")
struct AlipayBillWriterTests {
    private let exportedAt = Timestamp(shanghai: "2026-11-21 05:46:49") ?? Made.now

    private static let subjects = [
        "茶, 250g", "\"x\",\"y\"", "plain", "龍井（明前）", "a,,b", "🍵 tea", "'quoted'",
        "1,2026-11-20 10:00:00",
    ]

    private func statement(_ random: inout SeededRandom, count: Int) throws -> Statement {
        let day = try #require(BusinessDay("2026-11-20"))
        let lines = (0..<count).map { index in
            let isTrade = index % 4 != 3
            let second = Int64.random(in: 0..<86_400, using: &random)
            return StatementLine(
                lineNo: index + 1, kind: isTrade ? .trade : .refund,
                channelTradeNo: "20261120220014\(index)", orderNo: "O_\(index)",
                refundNo: isTrade || index % 8 == 7 ? nil : "R\(index)",
                amount: Money(fen: Int64.random(in: 1...10_000_000_000, using: &random)),
                fee: Money(fen: Int64.random(in: 0...100_000, using: &random)),
                createdAt: day.start.adding(seconds: second - 40_000),
                completedAt: day.start.adding(seconds: second),
                subject: Self.subjects.randomElement(using: &random) ?? "s")
        }
        let trades = lines.filter { $0.kind == .trade }
        let refunds = lines.filter { $0.kind == .refund }
        return Statement(
            account: "20887210000000010156", day: day, lines: lines,
            footer: StatementFooter(
                tradeCount: trades.count, tradeTotal: trades.reduce(.zero) { $0 + $1.amount },
                refundCount: refunds.count,
                refundTotal: refunds.reduce(.zero) { $0 + $1.amount }))
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var random = SeededRandom()
        for count in [0, 1, 4, 500] {
            let statement = try statement(&random, count: count)
            let zip = try AlipayBillWriter.zip(statement, exportedAt: exportedAt)
            #expect(
                try AlipayBill.parse(
                    zip, expectedAccount: statement.account, expectedDay: statement.day)
                    == statement, random.note)
            #expect(zip == (try AlipayBillWriter.zip(statement, exportedAt: exportedAt)))
        }
    }

    @Test func theSampleIsWrittenAsItIs() throws {
        let expected = try Vectors.load().billExpectations
        let zip = try Vectors.bytes(expected.emptyZip)
        let theirs = try ZipArchive(zip)
        let statement = try AlipayBill.parse(zip, expectedAccount: nil, expectedDay: nil)
        let ours = try ZipArchive(
            try AlipayBillWriter.zip(
                statement,
                exportedAt: try #require(Timestamp(shanghai: "2026-11-23 05:40:00"))))
        #expect(ours.members.map(\.name) == theirs.members.map(\.name))
        for (our, their) in Swift.zip(ours.members, theirs.members) {
            #expect(
                try GBK.decode(try ours.extract(our, limit: 10_000))
                    == GBK.decode(try theirs.extract(their, limit: 10_000)))
        }
    }

    @Test func theColumnsAreTheirs() throws {
        let expected = try Vectors.load().billExpectations
        var random = SeededRandom()
        let statement = try statement(&random, count: 4)
        let detail = AlipayBillWriter.detail(statement, exportedAt: exportedAt)
        #expect(detail.contains("\r\n\(expected.columns.joined(separator: ","))\r\n"))
        let summary = AlipayBillWriter.summary(statement, exportedAt: exportedAt)
        #expect(summary.contains("\r\n\(expected.summaryColumns.joined(separator: ","))\r\n"))
    }
}
