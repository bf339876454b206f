import Alipay
import Channels
import Payments
import Testing

@testable import Simulator

/// What the adapter makes of every fault that the simulated gateway knows.
@Suite struct AlipayFaultTests {
    private static let harmless: Set<AnswerFault.Kind> = [.slow, .gbk]
    private static let withoutEffect: Set<AnswerFault.Kind> = [
        .systemErrorWithoutEffect, .serviceUnavailable, .callLimited,
    ]

    private func paid(_ kind: AnswerFault.Kind) async throws -> AlipayUnderTest {
        let test = try await AlipayUnderTest()
        _ = try await test.paid("T1")
        var faults = ChannelFaults()
        faults.answers = [AnswerFault(kind, method: "alipay.trade.refund")]
        await test.simulated.setFaults(faults, orderNo: "T1")
        return test
    }

    @Test(arguments: AnswerFault.Kind.allCases)
    func aRefundsAnswerIsBelievedOnlyWhereItProvesTheRefund(kind: AnswerFault.Kind) async throws {
        let test = try await paid(kind)
        do {
            let answer = try await test.refund("T1", "R1", 3_000)
            #expect(Self.harmless.contains(kind))
            #expect(answer.outcome == .done)
            // It names no refund, so it proves none.
            let state = test.channel.refundState(in: answer, orderNo: "T1", refundNo: "R1")
            #expect(state == .unknown)
        } catch let error as ChannelError {
            #expect(!Self.harmless.contains(kind), "\(error)")
            #expect(error.isTransient, "\(error)")
        }
        // The query by number finds what happened.
        let found = try await test.queryRefund("T1", "R1")
        let state = test.channel.refundState(in: found, orderNo: "T1", refundNo: "R1")
        #expect(
            state
                == (Self.withoutEffect.contains(kind)
                    ? .notYet
                    : .succeeded(amount: Money(fen: 3_000), at: test.clock.now())))
        // Repeated under its number, it has moved money once.
        _ = try await test.refund("T1", "R1", 3_000)
        #expect(await test.simulated.trades().first?.refunded == Money(fen: 3_000))
    }

    @Test func aRefundAtTheChannelsConsoleIsFoundByItsNoticeAndItsNumber() async throws {
        let test = try await AlipayUnderTest()
        _ = try await test.paid("T1")
        let made = try await test.simulated.refundAtConsole(
            orderNo: "T1", amount: Money(fen: 1_500)
        ).get()
        let notice = try #require(await test.notifications().last)
        let observation = try test.channel.observation(ofNotification: notice)
        guard case .refunded(let number?, _, Money(fen: 1_500)) = observation.kind else {
            Issue.record("\(observation.kind)")
            return
        }
        #expect(number == made.requestNo)
        let found = try await test.queryRefund("T1", number)
        #expect(
            test.channel.refundState(in: found, orderNo: "T1", refundNo: number)
                == .succeeded(amount: Money(fen: 1_500), at: test.clock.now()))
    }

    @Test func aTradePaidWithCouponsIsPaidInFull() async throws {
        let test = try await AlipayUnderTest()
        try await test.open("T1")
        var faults = ChannelFaults()
        faults.merchantCoupon = Money(fen: 500)
        faults.channelCoupon = Money(fen: 300)
        await test.simulated.setFaults(faults, orderNo: "T1")
        _ = await test.simulated.pay(orderNo: "T1")
        let notice = try #require(await test.notifications().last)
        #expect(try test.channel.observation(ofNotification: notice).amount == Subject.amount)
        #expect(try await test.query("T1").1?.amount == Subject.amount)
    }

    @Test func aCancelSaysWhatItDidAndIsQueried() async throws {
        let test = try await AlipayUnderTest()
        _ = try await test.paid("T1")
        let cancelled = try await test.channel.cancel(orderNo: "T1", now: test.clock.now())
        #expect(cancelled.outcome == .done)
        #expect(try test.observation(of: cancelled, "T1") == nil)
        guard case .refunded(_, _, Subject.amount) = try await test.query("T1").1?.kind else {
            Issue.record("a cancelled paid order is refunded")
            return
        }
        try await test.open("T2")
        let closed = try await test.channel.cancel(orderNo: "T2", now: test.clock.now())
        #expect(try test.observation(of: closed, "T2")?.kind == .closed)
    }

    @Test func anAgreementIsQueriedAndEnded() async throws {
        let test = try await AlipayUnderTest()
        let channel = try #require(test.channel as? any AgreementChannel)
        let now = test.clock.now()
        #expect(try await channel.agreement("A1", now: now) == .notFound)
        await test.simulated.putAgreement("A1", .pending)
        #expect(try await channel.agreement("A1", now: now) == .pending)
        await test.simulated.putAgreement("A1", .active)
        #expect(try await channel.agreement("A1", now: now) == .active)
        // The answer names no agreement: the query decides.
        #expect(try await channel.endAgreement("A1", now: now).outcome == .pending)
        #expect(try await channel.agreement("A1", now: now) == .ended)
        guard case .refused(let refusal) = try await channel.endAgreement("A1", now: now).outcome
        else {
            Issue.record("an ended agreement was ended again")
            return
        }
        #expect(refusal.code == "AGREEMENT_HAS_UNSIGNED")
    }

    @Test func anAnswerAboutAnotherAgreementIsAnUnknownOutcome() async throws {
        let test = try await AlipayUnderTest()
        let channel = try #require(test.channel as? any AgreementChannel)
        await test.simulated.putAgreement("A1", .ended)
        await test.simulated.putAgreement("A2", .active)
        _ = try await channel.agreement("A1", now: test.clock.now())
        test.network.replayNext(try #require(test.network.lastAnswer))
        await #expect(throws: ChannelError.self) {
            _ = try await channel.agreement("A2", now: test.clock.now())
        }
    }
}
