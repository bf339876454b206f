import Payments
import Testing

@testable import Simulator

@Suite("The channel's bill")
struct BillMakerTests {
    let day = BusinessDay("2026-11-20")!

    private func maker() throws -> BillMaker {
        BillMaker(fee: ChannelFee(rate: try Rate(ppm: 3800)), account: "2088000000000001")
    }

    /// A book of many trades, some refunded in pieces, about two midnights.
    private func book(_ random: inout SeededRandom, trades: Int) -> TradeBook {
        var book = TradeBook()
        for index in 0..<trades {
            let start = day.start.adding(seconds: random.number(in: -7200...93_600))
            let amount = random.number(in: 1...5_000_000)
            let terms = TradeTerms(
                orderNo: "O\(index)", amount: Money(fen: amount), subject: "茶, 250g",
                productCode: "X")
            _ = book.apply(.arrive(terms, evenIfExpired: false), at: start)
            guard random.number(in: 0...9) > 0 else { continue }
            let paid = start.adding(seconds: random.number(in: 1...300))
            _ = book.apply(
                .pay(orderNo: "O\(index)", evenIfClosed: false, paidAt: nil), at: paid)
            var left = random.number(in: 0...3) == 0 ? amount : 0
            var piece = 0
            while left > 0 {
                let part = piece == 2 ? left : random.number(in: 1...left)
                piece += 1
                left -= part
                _ = book.apply(
                    .refund(
                        orderNo: "O\(index)", requestNo: "R\(index)-\(piece)",
                        amount: Money(fen: part)),
                    at: paid.adding(seconds: Int64(piece) * 1200))
            }
        }
        return book
    }

    @Test("every payment and refund is in exactly one day's bill, and the footers hold")
    func wholeness() throws {
        var random = SeededRandom(seed: TestSeed.value, label: "bills")
        let book = book(&random, trades: 500)
        let maker = try maker()
        let bills = [day.previous, day, day.next].map {
            maker.statement(of: book.trades.values, day: $0)
        }
        for bill in bills { try bill.validate() }
        let paid = book.trades.values.filter { $0.paidAt != nil }
        let refunds = paid.flatMap(\.refunds)
        #expect(
            bills.reduce(0) { $0 + $1.lines.count } == paid.count + refunds.count,
            "\(TestSeed.note)")
        // Refunded in full, in whatever pieces, returns the whole fee.
        let lines = bills.flatMap(\.lines)
        for trade in paid where trade.refunded == trade.terms.amount {
            let own = lines.filter { $0.orderNo == trade.orderNo }
            let charged = own.filter { $0.kind == .trade }.reduce(Money.zero) { $0 + $1.fee }
            let returned = own.filter { $0.kind == .refund }.reduce(Money.zero) { $0 + $1.fee }
            #expect(charged == returned, "\(trade.orderNo), \(TestSeed.note)")
        }
    }

    @Test("a back-dated payment is in the next day's bill, and a delta changes the amount only")
    func faults() throws {
        var book = TradeBook()
        for orderNo in ["O1", "O2"] {
            let terms = TradeTerms(
                orderNo: orderNo, amount: Money(fen: 10_000), subject: "s", productCode: "X")
            _ = book.apply(
                .arrive(terms, evenIfExpired: false), at: day.end.adding(seconds: -600))
        }
        _ = book.apply(
            .pay(
                orderNo: "O1", evenIfClosed: false, paidAt: day.end.adding(seconds: -5)),
            at: day.end)
        _ = book.apply(
            .pay(orderNo: "O2", evenIfClosed: false, paidAt: nil),
            at: day.end.adding(seconds: -1))
        var faults = ChannelFaults()
        faults.billDelta = Money(fen: 7)
        let deltas = ["O2": faults]
        let maker = try maker()
        let today = maker.statement(of: book.trades.values, day: day, faults: deltas)
        let next = maker.statement(of: book.trades.values, day: day.next, faults: deltas)
        #expect(today.lines.map(\.orderNo) == ["O2"])
        #expect(today.lines[0].amount == Money(fen: 10_007))
        #expect(today.lines[0].fee == Money(fen: 38))
        #expect(next.lines.map(\.orderNo) == ["O1"])
    }
}
