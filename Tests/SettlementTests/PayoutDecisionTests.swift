import Channels
import Events
import Payments
import Testing

@testable import Settlement

@Suite struct PayoutDecisionTests {
    @Test func processingIsNotFinal() {
        guard case .postpone(isTaken: true, "BK1", _) = PayoutDecision(.accepted(bankRef: "BK1"))
        else {
            Issue.record("processing is final")
            return
        }
    }

    @Test func aFailureOfTheBankIsFinalWithItsReason() {
        #expect(
            PayoutDecision(.failed(reason: "card_closed"))
                == .complete(.failed, bankRef: nil, reason: "card_closed"))
    }

    @Test func aRefusedPaymentIsFinal() {
        let error = ChannelError.refused(code: "422", subCode: "refused", message: "name differs")
        guard case .complete(.failed, nil, let reason) = PayoutDecision(payFailed: error) else {
            Issue.record("a refused payment is sent again")
            return
        }
        #expect(reason?.contains("name differs") == true)
    }

    @Test func aNumberUsedWithOtherContentIsNeverAFailure() {
        let error = ChannelError.refused(
            code: "409", subCode: "payout_no_used", message: "used")
        #expect(!PayoutDecision(payFailed: error).isFinal)
    }

    @Test(arguments: [
        ChannelError.unknownOutcome(reason: "HTTP 500"), .rateLimited(reason: "HTTP 429"),
        .configuration("wrong secret"),
    ])
    func anErrorWithoutARefusalIsNeverFinal(error: ChannelError) {
        #expect(!PayoutDecision(payFailed: error).isFinal)
        #expect(!PayoutDecision(queryFailed: error).isFinal)
    }

    @Test func aRefusedQueryIsNotARefusedPayment() {
        let error = ChannelError.refused(code: "422", subCode: "refused", message: "bad number")
        #expect(!PayoutDecision(queryFailed: error).isFinal)
    }

    @Test func thePayoutIsQueriedSoonAtFirstAndEveryHourInTheEnd() {
        let now = Timestamp(microseconds: 1_795_147_200_000_000)
        #expect(PayoutSchedule.next(after: 1, at: now) == now.adding(seconds: 60))
        #expect(PayoutSchedule.next(after: 30, at: now) == now.adding(seconds: 3_600))
    }
}

extension PayoutDecision {
    fileprivate var isFinal: Bool { if case .complete = self { true } else { false } }
}
