import Payments
import Testing

@testable import Simulator

@Suite("Receivers")
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
        #expect(await receivers.take(delivery("D", event: "E4", signed: false)) == .refuse)
        let log = await receivers.log()
        #expect(log.map(\.attempts) == [4, 2, 12, 1])
        #expect(log.map(\.repeats) == [1, 0, 0, 0])
        #expect(log.map(\.isAcknowledged) == [true, true, false, false])
        #expect(log.map(\.isVerified) == [true, true, true, false])
        #expect(await receivers.refused == 1)
    }
}
