import Channels
import Payments
import Testing

/// A signature proves who wrote an answer, not which order it is about: each answer names it.
@Suite struct SubjectConformanceTests {
    private enum Call: CaseIterable {
        case query, close, refund, queryRefund

        func make(
            _ test: any ChannelUnderTest, _ orderNo: String
        ) async throws -> ChannelAnswer {
            switch self {
            case .query: try await test.channel.query(orderNo: orderNo, now: test.clock.now())
            case .close: try await test.channel.close(orderNo: orderNo, now: test.clock.now())
            case .refund: try await test.refund(orderNo, "R1", 1_000)
            case .queryRefund: try await test.queryRefund(orderNo, "R1")
            }
        }
    }

    /// Two orders in a state in which each call succeeds.
    private func started(_ subject: Subject, _ call: Call) async throws -> any ChannelUnderTest {
        let test = try await subject.start()
        for orderNo in ["T1", "T2"] {
            try await test.open(orderNo)
            guard call != .close else { continue }
            _ = try await test.pay(orderNo, foreignAppFirst: false)
            if call == .queryRefund { _ = try await test.refund(orderNo, "R1", 1_000) }
        }
        return test
    }

    @Test(arguments: Subject.allCases)
    func aGenuineAnswerAboutAnotherOrderIsAnUnknownOutcome(subject: Subject) async throws {
        for call in Call.allCases {
            let test = try await started(subject, call)
            let other = try await call.make(test, "T1")
            #expect(other.outcome == .done, "\(call)")
            test.network.replayNext(other.rawBody)
            await #expect(throws: ChannelError.self, "\(call)") {
                _ = try await call.make(test, "T2")
            }
            #expect(throws: ChannelMessageError.self, "\(call)") {
                try test.observation(of: other, "T2", refundNo: "R1")
            }
            #expect(test.channel.refundState(in: other, orderNo: "T2", refundNo: "R1") == .unknown)
        }
    }

    @Test(arguments: Subject.allCases)
    func aGenuineSuccessThatNamesNoOrderIsAnUnknownOutcome(subject: Subject) async throws {
        for call in Call.allCases {
            let test = try await started(subject, call)
            let answer = try await call.make(test, "T1")
            let nameless = try test.signedSuccess(of: answer)
            test.network.replayNext(nameless)
            do {
                _ = try await call.make(test, "T2")
                Issue.record("\(call): an answer that names no order was accepted")
            } catch let error as ChannelError {
                guard case .unknownOutcome = error else {
                    Issue.record("\(call): \(error)")
                    continue
                }
            }
            #expect(throws: ChannelMessageError.self, "\(call)") {
                try test.channel.observation(
                    ofAnswer: nameless, method: answer.method, orderNo: "T2", refundNo: "R1")
            }
        }
    }

    @Test(arguments: Subject.allCases)
    func noSuchTradeOfOneOrderSaysNothingOfAnother(subject: Subject) async throws {
        let test = try await subject.start()
        let (missing, _) = try await test.query("T1")
        _ = try await test.paid("T2")
        test.network.replayNext(missing.rawBody)
        await #expect(throws: ChannelError.self) { _ = try await test.query("T2") }
        #expect(throws: ChannelMessageError.self) { try test.observation(of: missing, "T2") }
    }

    @Test(arguments: Subject.allCases)
    func anAnswerAboutAnotherRefundOfTheOrderIsAnUnknownOutcome(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        _ = try await test.refund("T1", "R1", 3_000)
        let first = try await test.queryRefund("T1", "R1")
        test.network.replayNext(first.rawBody)
        await #expect(throws: ChannelError.self) { _ = try await test.queryRefund("T1", "R2") }
        #expect(throws: ChannelMessageError.self) {
            try test.observation(of: first, "T1", refundNo: "R2")
        }
    }
}
