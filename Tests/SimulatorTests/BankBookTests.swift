import Foundation
import Payments
import Testing

@testable import Simulator

@Suite("The bank's book")
struct BankBookTests {
    private let now = Timestamp(shanghai: "2026-11-21 10:00:00")!

    private func book(_ mishaps: BankMishap.Kind...) -> BankBook {
        var policy = BankPolicy(seed: 1)
        policy.lostResponsesPPM = 0
        policy.losesFirstResponse = false
        policy.processingSeconds = 60
        var book = BankBook(policy: policy)
        book.force(mishaps.map { BankMishap(kind: $0, merchantNo: "M1", cardNo: "6222") })
        return book
    }

    private func request(_ number: String, _ fen: Int64 = 5, card: String = "6222") -> BankRequest {
        BankRequest(
            payoutNo: number, amountFen: fen, payeeName: "x", payeeCardNo: card, purpose: "")
    }

    @Test func aRefusalIsJSONWhateverItsReason() throws {
        let body = try BankRoutes.errorBody("refused", reason: #"payee "x" \ 王"#)
        #expect(
            try JSONDecoder().decode([String: String].self, from: Data(body))
                == ["status": "refused", "reason": #"payee "x" \ 王"#])
        let short = try BankRoutes.errorBody("not_found", reason: nil)
        #expect(String(decoding: short, as: UTF8.self) == #"{"status":"not_found"}"#)
    }

    @Test func theFirstResponseOfADayIsLostAndThePayoutIsKept() {
        var policy = BankPolicy(seed: 1)
        policy.lostResponsesPPM = 0
        var book = BankBook(policy: policy)
        guard case .known(let first, isLost: true) = book.submit(request("P1"), at: now) else {
            Issue.record("the first response isn't lost")
            return
        }
        #expect(book.query("P1") == first)
        guard case .known(_, isLost: false) = book.submit(request("P2"), at: now) else {
            Issue.record("a later response is lost")
            return
        }
        #expect(book.violations.entries == [])
    }

    @Test func aSecondPayOfANumberIsAViolationAndMakesNoSecondPayout() {
        var book = book()
        let first = book.submit(request("P1"), at: now)
        #expect(book.submit(request("P1"), at: now) == first)
        #expect(book.violations.entries == ["payout P1 was sent again although the bank has it"])
        #expect(book.records["P1"]?.pays == 2)
        #expect(book.records.count == 1)
    }

    @Test func anotherAmountOrCardUnderAUsedNumberIsAConflictAndAViolation() {
        var book = book()
        _ = book.submit(request("P1"), at: now)
        #expect(book.submit(request("P1", 6), at: now) == .conflict)
        #expect(book.submit(request("P1", card: "6223"), at: now) == .conflict)
        #expect(book.violations.entries.count == 2)
        #expect(book.records["P1"]?.payout?.request == request("P1"))
    }

    @Test func aLostRequestMayBeSentAgainOnlyAfterAQuery() {
        var careful = book(.losesRequest)
        #expect(careful.submit(request("P1"), at: now) == .unavailable)
        #expect(careful.query("P1") == nil)
        guard case .known = careful.submit(request("P1"), at: now) else {
            Issue.record("the second request isn't taken")
            return
        }
        #expect(careful.violations.entries == [])

        var careless = book(.losesRequest)
        _ = careless.submit(request("P1"), at: now)
        _ = careless.submit(request("P1"), at: now)
        #expect(
            careless.violations.entries == ["payout P1 was sent again without a query before it"])
    }

    @Test func aClosedCardFailsOnceThePayoutIsFinal() {
        var book = book(.closesCard)
        _ = book.submit(request("P1"), at: now)
        let payout = book.query("P1")
        #expect(payout?.status(at: now.adding(seconds: 60)) == "failed")
        #expect(payout?.failure == "card_closed")
    }

    @Test func aRefusedPayoutIsNotInTheBook() {
        var book = book(.refusesPayee)
        #expect(
            book.submit(request("P1"), at: now) == .refused(reason: "payee_name_mismatch"))
        #expect(book.query("P1") == nil)
        #expect(book.records["P1"]?.refusal == "payee_name_mismatch")
    }
}
