import Payments
import Testing

@testable import Simulator

@Suite("The channel's trades")
struct TradeBookTests {
    static let start = Timestamp(shanghai: "2026-11-20 10:00:00")!
    let terms = TradeTerms(
        orderNo: "O1", amount: Money(fen: 1000), subject: "tea", productCode: "X",
        expiresAt: Self.start.adding(seconds: 900), notifyURL: "http://platform/notify")

    private func at(_ seconds: Int64) -> Timestamp { Self.start.adding(seconds: seconds) }

    private func refusal(_ outcome: TradeOutcome) -> TradeRefusal? {
        if case .refused(let refusal) = outcome.response { refusal } else { nil }
    }

    private func paidBook() -> TradeBook {
        var book = TradeBook()
        _ = book.apply(.arrive(terms, evenIfExpired: false), at: at(0))
        _ = book.apply(.pay(orderNo: "O1", evenIfClosed: false, paidAt: nil), at: at(60))
        return book
    }

    @Test("a trade is born when the payer arrives, and not before")
    func birth() {
        var book = TradeBook()
        #expect(refusal(book.apply(.close(orderNo: "O1"), at: at(0))) == .notExist)
        let arrived = book.apply(.arrive(terms, evenIfExpired: false), at: at(1))
        #expect(arrived.notices.isEmpty)
        #expect(book.trades["O1"]?.status == .waiting)
        #expect(book.trades["O1"]?.tradeNo.count == 28)
        let again = book.apply(.arrive(terms, evenIfExpired: false), at: at(2))
        guard case .done(_, changed: false) = again.response else {
            Issue.record("a second arrival is \(again.response)")
            return
        }
        let other = TradeTerms(
            orderNo: "O1", amount: Money(fen: 999), subject: "tea", productCode: "X")
        #expect(
            refusal(book.apply(.arrive(other, evenIfExpired: false), at: at(3)))
                == .contextInconsistent)
    }

    @Test("a trade is paid once, with one notice")
    func payment() {
        var book = TradeBook()
        _ = book.apply(.arrive(terms, evenIfExpired: false), at: at(0))
        let pay = TradeEvent.pay(orderNo: "O1", evenIfClosed: false, paidAt: nil)
        let paid = book.apply(pay, at: at(60))
        #expect(paid.notices.count == 1)
        #expect(book.trades["O1"]?.paidAt == at(60))
        #expect(refusal(book.apply(pay, at: at(61))) == .hasSuccess)
        #expect(refusal(book.apply(.close(orderNo: "O1"), at: at(62))) == .statusError)
        #expect(
            refusal(book.apply(.arrive(terms, evenIfExpired: false), at: at(63))) == .hasSuccess)
    }

    @Test("time_expire is kept: at the very second it is too late")
    func expiry() {
        var book = TradeBook()
        _ = book.apply(.arrive(terms, evenIfExpired: false), at: at(0))
        #expect(book.apply(.tick, at: at(899)).notices.isEmpty)
        let tick = book.apply(.tick, at: at(900))
        #expect(tick.notices == [.closed(book.trades["O1"]!)])
        #expect(book.apply(.tick, at: at(901)).notices.isEmpty)
        let pay = TradeEvent.pay(orderNo: "O1", evenIfClosed: false, paidAt: nil)
        #expect(refusal(book.apply(pay, at: at(902))) == .hasClose)
        let late = TradeTerms(
            orderNo: "O2", amount: Money(fen: 1), subject: "s", productCode: "X",
            expiresAt: at(10))
        #expect(refusal(book.apply(.arrive(late, evenIfExpired: false), at: at(10))) == .hasClose)
        #expect(book.trades["O2"] == nil)
    }

    @Test("a payment at the expiry finds the trade closed, with a notice")
    func paysTooLate() {
        var book = TradeBook()
        _ = book.apply(.arrive(terms, evenIfExpired: false), at: at(0))
        let outcome = book.apply(
            .pay(orderNo: "O1", evenIfClosed: false, paidAt: nil), at: at(900))
        #expect(refusal(outcome) == .hasClose)
        #expect(outcome.notices.count == 1)
    }

    @Test("a payment after our close can be made to happen")
    func paymentAfterClose() {
        var book = TradeBook()
        _ = book.apply(.arrive(terms, evenIfExpired: true), at: at(5000))
        let pay = TradeEvent.pay(orderNo: "O1", evenIfClosed: true, paidAt: nil)
        #expect(refusal(book.apply(pay, at: at(5001))) == nil)
        #expect(book.trades["O1"]?.status == .paid)
    }

    @Test("a back-dated payment is booked when it was taken")
    func backdated() {
        var book = TradeBook()
        _ = book.apply(.arrive(terms, evenIfExpired: false), at: at(0))
        _ = book.apply(
            .pay(orderNo: "O1", evenIfClosed: false, paidAt: at(58)), at: at(60))
        #expect(book.trades["O1"]?.paidAt == at(58))
        #expect(book.trades["O1"]?.bookedAt == at(60))
    }

    @Test("refunds: pieces, repeats, too much, the last one closes")
    func refunds() {
        var book = paidBook()
        func refund(_ number: String, _ fen: Int64) -> TradeOutcome {
            book.apply(
                .refund(orderNo: "O1", requestNo: number, amount: Money(fen: fen)), at: at(120))
        }
        #expect(refund("R1", 300).notices.count == 1)
        #expect(book.trades["O1"]?.status == .paid)
        let repeated = refund("R1", 300)
        #expect(repeated.notices.isEmpty)
        #expect(repeated.response == .done(book.trades["O1"]!, changed: false))
        #expect(refusal(refund("R1", 301)) == .discordantRepeat)
        #expect(refusal(refund("R2", 701)) == .refundTooLarge)
        #expect(refusal(refund("R2", 0)) == .invalidParameter)
        _ = refund("R2", 700)
        #expect(book.trades["O1"]?.status == .closed)
        #expect(book.trades["O1"]?.refunded == Money(fen: 1000))
        #expect(refusal(refund("R3", 1)) == .refundTooLarge)
        #expect(refund("R2", 700).response == .done(book.trades["O1"]!, changed: false))
    }

    @Test("an unpaid trade can't be refunded, and an empty balance refuses")
    func refundRefusals() {
        var book = TradeBook(sellerBalance: .zero)
        _ = book.apply(.arrive(terms, evenIfExpired: false), at: at(0))
        let refund = TradeEvent.refund(
            orderNo: "O1", requestNo: "R", amount: Money(fen: 1000))
        #expect(refusal(book.apply(refund, at: at(1))) == .statusError)
        _ = book.apply(.pay(orderNo: "O1", evenIfClosed: false, paidAt: nil), at: at(2))
        #expect(book.sellerBalance == Money(fen: 1000))
        _ = book.apply(refund, at: at(3))
        #expect(book.sellerBalance == .zero)
    }
}
