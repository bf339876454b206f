import Payments
import Testing

@testable import Simulator

@Suite("Receivers and the bank")
struct ReceiversTests {
    private func delivery(_ order: String, event: String = "E1", signed: Bool = true)
        -> ReceivedDelivery
    {
        ReceivedDelivery(
            partyNo: "M2001", eventID: event, event: "order.paid", merchantOrderNo: order,
            isSigned: signed)
    }

    @Test("behaviour depends on seed, party, order and event alone")
    func deterministic() {
        var seen: [ReceiverBehaviour] = []
        for index in 0..<20_000 {
            let one = ReceiverBehaviour.of(
                seed: TestSeed.value, partyNo: "M1", merchantOrderNo: "S\(index)",
                event: "order.paid")
            let two = ReceiverBehaviour.of(
                seed: TestSeed.value, partyNo: "M1", merchantOrderNo: "S\(index)",
                event: "order.paid")
            #expect(one == two)
            seen.append(one)
        }
        let never = seen.count { $0 == .neverAcknowledges }
        #expect((20...120).contains(never), "\(never) of 20000 never acknowledge")
        let calm = seen.count { $0 == .acknowledges }
        #expect(calm > 18_000, "\(TestSeed.note)")
    }

    @Test("what a day wants happens: fail, hang, never; and a repeat is only counted")
    func forced() async {
        let receivers = Receivers(seed: 1)
        await receivers.force([
            ReceiverMishap(
                partyNo: "M2001", merchantOrderNo: "A",
                behaviour: .failsFirst(2, withStatus500: true)),
            ReceiverMishap(partyNo: "M2001", merchantOrderNo: "B", behaviour: .hangsFirst),
            ReceiverMishap(partyNo: "M2001", merchantOrderNo: "C", behaviour: .neverAcknowledges),
        ])
        for expected: ReceiverReaction in [.status500, .status500, .acknowledge, .acknowledge] {
            #expect(await receivers.take(delivery("A")) == expected)
        }
        #expect(await receivers.take(delivery("B", event: "E2")) == .hang)
        #expect(await receivers.take(delivery("B", event: "E2")) == .acknowledge)
        for _ in 0..<12 {
            #expect(await receivers.take(delivery("C", event: "E3")) == .bodyFail)
        }
        #expect(await receivers.take(delivery("D", signed: false)) == .refuse)
        let log = await receivers.log()
        #expect(log.map(\.attempts) == [4, 2, 12])
        #expect(log.map(\.repeats) == [1, 0, 0])
        #expect(log.map(\.isAcknowledged) == [true, true, false])
        #expect(await receivers.refused == 1)
    }

    @Test(
        "the bank loses the first answer of each day, keeps the payout, and refuses other content")
    func bank() {
        var policy = BankPolicy(seed: 1)
        policy.lostAnswersPPM = 0
        policy.processingSeconds = 60
        var book = BankBook(policy: policy)
        let now = Timestamp(shanghai: "2026-11-21 10:00:00")!
        func request(_ number: String, _ fen: Int64) -> BankRequest {
            BankRequest(
                payoutNo: number, amountFen: fen, payeeName: "x", payeeCardNo: "6222", purpose: "")
        }
        guard case .known(let first, isLost: true) = book.submit(request("P1", 5), at: now) else {
            Issue.record("the first answer isn't lost")
            return
        }
        #expect(book.query("P1") == first)
        #expect(book.submit(request("P1", 5), at: now) == .known(first, isLost: false))
        #expect(book.submit(request("P1", 6), at: now) == .conflict)
        guard case .known(let second, isLost: false) = book.submit(request("P2", 5), at: now)
        else {
            Issue.record("a later answer is lost")
            return
        }
        #expect(second.status(at: now.adding(seconds: 60)) == "succeeded")
        policy.closedCards = ["6222"]
        var strict = BankBook(policy: policy)
        _ = strict.submit(request("P3", 5), at: now)
        #expect(strict.query("P3")?.status(at: now.adding(seconds: 60)) == "failed")
    }
}
