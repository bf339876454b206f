import Channels
import Payments
import Testing

/// What a channel says about one refund, by its number.
@Suite struct RefundConformanceTests {
    private func state(
        _ answer: ChannelAnswer, _ test: any ChannelUnderTest, _ refundNo: String
    ) -> RefundState {
        test.channel.refundState(in: answer, orderNo: "T1", refundNo: refundNo)
    }

    @Test(arguments: Subject.allCases)
    func aRefundIsQueriedByItsNumber(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        let none = try await test.queryRefund("T1", "R1")
        #expect(none.outcome == .pending)
        #expect(state(none, test, "R1") == .notYet)
        #expect(try test.observation(of: none, "T1", refundNo: "R1") == nil)
        let done = try await test.refund("T1", "R1", 3_000)
        #expect(done.outcome == .done)
        let found = try await test.queryRefund("T1", "R1")
        #expect(found.outcome == .done)
        guard case .succeeded(let amount, let at) = state(found, test, "R1") else {
            Issue.record("\(state(found, test, "R1"))")
            return
        }
        #expect(amount == Money(fen: 3_000))
        #expect(at != nil)
        let observation = try test.observation(of: found, "T1", refundNo: "R1")
        guard case .refunded("R1", Money(fen: 3_000), _) = observation?.kind else {
            Issue.record("\(String(describing: observation))")
            return
        }
    }

    @Test(arguments: Subject.allCases)
    func twoRefundsOfTheSameAmountAreTwo(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        for number in ["R1", "R2"] {
            _ = try await test.refund("T1", number, 3_000)
            let found = try await test.queryRefund("T1", number)
            guard case .succeeded(Money(fen: 3_000), _) = state(found, test, number) else {
                Issue.record("\(number): \(state(found, test, number))")
                return
            }
        }
        let third = try await test.queryRefund("T1", "R3")
        #expect(state(third, test, "R3") == .notYet)
    }

    @Test(arguments: Subject.allCases)
    func aRefundWhoseAnswerWasLostIsFoundByItsNumber(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        test.network.failNext(.lostAnswer)
        await #expect(throws: ChannelError.self) { _ = try await test.refund("T1", "R1", 3_000) }
        let found = try await test.queryRefund("T1", "R1")
        guard case .succeeded(Money(fen: 3_000), _) = state(found, test, "R1") else {
            Issue.record("\(state(found, test, "R1"))")
            return
        }
    }

    @Test(arguments: Subject.allCases)
    func aRefusedRefundNeverTookEffect(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        _ = try await test.refund("T1", "R1", 3_000)
        let other = try await test.refund("T1", "R1", 4_000)
        guard case .refused = state(other, test, "R1") else {
            Issue.record("\(state(other, test, "R1"))")
            return
        }
    }
}
