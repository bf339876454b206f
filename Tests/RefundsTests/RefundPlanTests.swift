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

    private static func answer(subCode: String?, isSuccess: Bool = false) -> ChannelAnswer {
        ChannelAnswer(
            method: "m", rawBody: [], code: isSuccess ? "10000" : "40004", subCode: subCode,
            message: "no", isSuccess: isSuccess)
    }

    @Test func theFirstAttemptRequestsTheRefundAtOnce() {
        #expect(Self.plan(attempt: 1).calls == [.refund])
    }

    @Test func everyLaterAttemptQueriesTheRefundBeforeItRequestsItAgain() {
        #expect(Self.plan(attempt: 2).calls == [.query, .refund])
        #expect(Self.plan(attempt: 9).calls == [.query, .refund])
    }

    @Test func aRefusalThatWillNeverPassIsFinal() {
        let failure = Self.plan(attempt: 1).failure(
            in: Self.answer(subCode: "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"), to: .refund)
        #expect(failure == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL: no")
    }

    @Test(arguments: ["ACQ.SELLER_BALANCE_NOT_ENOUGH", "ACQ.SYSTEM_ERROR", nil])
    func aRefusalThatMayPassIsRetried(subCode: String?) {
        let failure = Self.plan(attempt: 1).failure(
            in: Self.answer(subCode: subCode), to: .refund)
        #expect(failure == nil)
    }

    @Test func aRefusedQueryIsNeverFinal() {
        let failure = Self.plan(attempt: 2).failure(
            in: Self.answer(subCode: "ACQ.TRADE_NOT_EXIST"), to: .query)
        #expect(failure == nil)
    }

    @Test func aSuccessIsNoFailureAndIsQueriedUntilItIsApplied() {
        let plan = Self.plan(attempt: 3)
        #expect(plan.failure(in: Self.answer(subCode: nil, isSuccess: true), to: .refund) == nil)
        #expect(plan.nextAt == Self.now.adding(seconds: 300))
    }
}
