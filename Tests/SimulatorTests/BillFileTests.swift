import Alipay
import Payments
import Testing

@testable import Simulator

@Suite("The bill's file")
struct BillFileTests {
    @Test("what the channel writes is what the platform reads", arguments: [0, 1, 40])
    func roundTrip(trades: Int) throws {
        let day = BusinessDay("2026-11-20")!
        var book = TradeBook()
        for index in 0..<trades {
            let time = day.start.adding(seconds: Int64(index) * 600)
            let terms = TradeTerms(
                orderNo: "2026112000000\(index)", amount: Money(fen: Int64(index) * 777 + 1),
                subject: "龙井茶, 250g", productCode: "X")
            _ = book.apply(.arrive(terms, evenIfExpired: false), at: time)
            _ = book.apply(
                .pay(orderNo: terms.orderNo, evenIfClosed: false, paidAt: nil), at: time)
            guard index % 3 == 0 else { continue }
            _ = book.apply(
                .refund(orderNo: terms.orderNo, requestNo: "R\(index)", amount: Money(fen: 1)),
                at: time.adding(seconds: 60))
        }
        let account = AlipayIdentity.sample.sellerID
        let statement = BillMaker(fee: ChannelFee(rate: try Rate(ppm: 3800)), account: account)
            .statement(of: book.trades.values, day: day)
        let zip = try AlipayBillFile.zip(statement, exportedAt: day.end.adding(seconds: 32_400))
        let read = try AlipayBill.parse(zip, expectedAccount: account, expectedDay: day)
        #expect(read.footer == statement.footer)
        #expect(read.lines.map(\.orderNo) == statement.lines.map(\.orderNo))
        #expect(read.lines.map(\.amount) == statement.lines.map(\.amount))
        #expect(read.lines.map(\.fee) == statement.lines.map(\.fee))
        #expect(read.lines.map(\.refundNo) == statement.lines.map(\.refundNo))
        #expect(read.lines.map(\.completedAt) == statement.lines.map(\.completedAt))
        #expect(read.lines.map(\.subject) == statement.lines.map(\.subject))
    }
}
