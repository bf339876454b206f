import Payments
import Store
import Testing

@testable import Delivery

@Suite struct DeliveryResultTests {
    private let now = Timestamp(microseconds: 1_795_140_930_000_000)

    @Test(arguments: ["success", " success", "success\n", "\r\n\t success \r\n"])
    func successTrimmedIsAnAcknowledgement(body: String) {
        for status in [200, 201, 202, 204, 299] as [Int32] {
            let result = DeliveryResult(status: status, body: body)
            #expect(result.isAcknowledged)
            #expect(result.error == nil)
            #expect(result.httpStatus == status)
        }
    }

    @Test(arguments: [
        "", "Success", "SUCCESS", "success!", "successful", "success success", "suc cess", "ok",
        "fail", #""success""#, #"{"success":true}"#, "\u{FEFF}success", "<html>success</html>",
    ])
    func anyOtherBodyIsNone(body: String) {
        let result = DeliveryResult(status: 200, body: body)
        #expect(!result.isAcknowledged)
        #expect(result.error?.contains("200") == true)
        #expect(result.httpStatus == 200)
    }

    @Test(arguments: [100, 199, 300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503] as [Int32])
    func anyOtherStatusIsNone(status: Int32) {
        let result = DeliveryResult(status: status, body: "success")
        #expect(!result.isAcknowledged)
        #expect(result.error?.contains("\(status)") == true)
    }

    @Test func anErrorIsCutForItsColumn() {
        let result = DeliveryResult(error: String(repeating: "x", count: 5_000))
        #expect(result.error?.count == 300)
        #expect(result.httpStatus == nil)
        #expect(!result.isAcknowledged)
    }

    // MARK: What follows

    @Test func anAcknowledgedDeliveryHasNoFurtherAttempt() {
        for attempt in [1, 5, 10, 11] as [Int32] {
            let outcome = DeliveryResult(status: 200, body: "success")
                .outcome(ofAttempt: attempt, at: now)
            guard case .acknowledged = outcome else {
                Issue.record("attempt \(attempt): \(outcome)")
                continue
            }
        }
    }

    /// The contract's schedule: 0 s, 15 s, 1 m, 4 m, 10 m, 10 m, 1 h, 2 h, 6 h, 15 h.
    @Test func theNextAttemptFollowsTheSchedule() {
        let waits: [Int64] = [15, 60, 240, 600, 600, 3_600, 7_200, 21_600, 54_000]
        for (index, wait) in waits.enumerated() {
            let outcome = DeliveryResult(status: 500, body: "")
                .outcome(ofAttempt: Int32(index + 1), at: now)
            guard case .again(let time) = outcome else {
                Issue.record("attempt \(index + 1): \(outcome)")
                continue
            }
            #expect(time == now.adding(seconds: wait), "attempt \(index + 1)")
        }
    }

    @Test func afterTheTenthAttemptItIsExhausted() {
        for attempt in [10, 11, 100] as [Int32] {
            let outcome = DeliveryResult(error: "no reply").outcome(ofAttempt: attempt, at: now)
            guard case .exhausted = outcome else {
                Issue.record("attempt \(attempt): \(outcome)")
                continue
            }
        }
    }

    /// What an operator sends again has the whole schedule before it.
    @Test func theScheduleBeginsAgainAfterAResend() {
        let failed = DeliveryResult(status: 500, body: "")
        #expect(
            failed.outcome(ofAttempt: 11, resentAfter: 10, at: now)
                == .again(at: now.adding(seconds: 15)))
        #expect(
            failed.outcome(ofAttempt: 19, resentAfter: 10, at: now)
                == .again(at: now.adding(seconds: 54_000)))
        #expect(failed.outcome(ofAttempt: 20, resentAfter: 10, at: now) == .exhausted)
    }

    @Test func aReplyIsPromptWithinASecond() {
        let replied = DeliveryResult(status: 500, body: "")
        #expect(replied.reply(after: .seconds(1)) == .prompt)
        #expect(replied.reply(after: .milliseconds(1_001)) == .slow)
        #expect(DeliveryResult(error: "no reply").reply(after: .zero) == .none)
    }
}
