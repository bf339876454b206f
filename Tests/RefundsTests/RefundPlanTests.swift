import Channels
import Payments
import Testing

@testable import Refunds
@testable import Store

@Suite struct RefundPlanTests {
    private static let now = Timestamp(microseconds: 1_795_147_200_000_000)

    private static func plan(attempt: Int32) -> RefundPlan {
        RefundPlan(
            ClaimRefunds.Row(
                refundNo: "R1", orderNo: "T1", amount: Money(fen: 100), reason: "",
                attempt: attempt, traceparent: nil), at: now)
    }

    private static func answer(_ outcome: ChannelOutcome) -> ChannelAnswer {
        ChannelAnswer(method: "m", rawBody: [], outcome: outcome, code: "c")
    }

    private static let refusal = ChannelRefusal(code: "AMOUNT", message: "no")

    @Test func theFirstAttemptRequestsTheRefundAtOnce() {
        #expect(Self.plan(attempt: 1).first == .refund)
        #expect(Self.plan(attempt: 1).call(after: .refund, answer: Self.answer(.pending)) == nil)
    }

    @Test func everyLaterAttemptQueriesTheRefundBeforeItRequestsItAgain() {
        for attempt in [2, 9] as [Int32] {
            let plan = Self.plan(attempt: attempt)
            #expect(plan.first == .query)
            for outcome in [ChannelOutcome.refused(Self.refusal), .pending] {
                #expect(plan.call(after: .query, answer: Self.answer(outcome)) == .refund)
            }
        }
    }

    @Test func aRefundThatTheQueryFindsIsNotRequestedAgain() {
        #expect(Self.plan(attempt: 2).call(after: .query, answer: Self.answer(.done)) == nil)
    }

    @Test func aRequestThatIsDoneIsConfirmedByAQueryAndNoLoopFollows() {
        let plan = Self.plan(attempt: 1)
        #expect(plan.call(after: .refund, answer: Self.answer(.done)) == .confirm)
        for outcome in [ChannelOutcome.done, .pending, .refused(Self.refusal)] {
            #expect(plan.call(after: .confirm, answer: Self.answer(outcome)) == nil)
            #expect(plan.failure(in: Self.answer(outcome), to: .confirm) == nil)
        }
        #expect(plan.call(after: .refund, answer: Self.answer(.refused(Self.refusal))) == nil)
    }

    @Test func aReportedRefundIsQueriedThirtyTimesAndThenUnconfirmed() {
        let first = RefundReportSweep.nextAt(afterAttempt: 1, at: Self.now)
        #expect(first == Self.now.adding(seconds: 60))
        #expect(RefundReportSweep.nextAt(afterAttempt: 29, at: Self.now) != nil)
        #expect(RefundReportSweep.nextAt(afterAttempt: 30, at: Self.now) == nil)
        // Reported again, by the statement for example: another thirty.
        #expect(RefundReportSweep.nextAt(afterAttempt: 31, at: Self.now) == first)
    }

    @Test func aRefusalThatWillNeverPassIsFinal() {
        let failure = Self.plan(attempt: 1).failure(
            in: Self.answer(.refused(Self.refusal)), to: .refund)
        #expect(failure == "AMOUNT: no")
    }

    @Test(arguments: [ChannelOutcome.refusedForNow(refusal), .pending])
    func aRefusalThatMayPassIsRetried(outcome: ChannelOutcome) {
        let failure = Self.plan(attempt: 1).failure(
            in: Self.answer(outcome), to: .refund)
        #expect(failure == nil)
    }

    @Test func aRefusedQueryIsNeverFinal() {
        let failure = Self.plan(attempt: 2).failure(
            in: Self.answer(.refused(Self.refusal)), to: .query)
        #expect(failure == nil)
    }

    @Test func aSuccessIsNoFailureAndIsQueriedUntilItIsApplied() {
        let plan = Self.plan(attempt: 3)
        #expect(plan.failure(in: Self.answer(.done), to: .refund) == nil)
        #expect(plan.nextAt == Self.now.adding(seconds: 300))
    }
}
