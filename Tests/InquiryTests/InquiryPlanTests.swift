import Channels
import Payments
import Testing

@testable import Inquiry
@testable import Store

@Suite struct InquiryPlanTests {
    private static let expiry = Timestamp(microseconds: 1_795_147_200_000_000)

    private static func job(attempt: Int32 = 1, closeRequested: Bool = false) -> ClaimInquiries.Row
    {
        ClaimInquiries.Row(
            orderNo: "T1", attempt: attempt, acceptedAt: expiry.adding(seconds: -1_800),
            expiresAt: expiry, closeRequested: closeRequested, traceparent: nil)
    }

    private static func answer(_ outcome: ChannelOutcome) -> ChannelAnswer {
        ChannelAnswer(method: "m", rawBody: [], outcome: outcome, code: "c")
    }

    private static let refused = ChannelOutcome.refused(ChannelRefusal(code: "c", message: "no"))

    @Test func anOrderInItsPaymentTimeIsQueried() {
        let plan = InquiryPlan(Self.job(), at: Self.expiry.adding(seconds: -1))
        #expect(plan.first == .query)
        #expect(plan.call(after: .query, answer: Self.answer(.done)) == nil)
    }

    @Test func aRefusedQueryIsRepeatedOnlyByTheSchedule() {
        let plan = InquiryPlan(Self.job(), at: Self.expiry.adding(seconds: -600))
        #expect(plan.call(after: .query, answer: Self.answer(Self.refused)) == nil)
    }

    @Test func aCloseWithoutAnAnswerIsFollowedByAQuery() {
        let plan = InquiryPlan(Self.job(), at: Self.expiry)
        #expect(plan.call(afterUnanswered: .close) == .query)
        #expect(plan.call(afterUnanswered: .query) == nil)
    }

    @Test func anOrderIsClosedAtTheMomentOfItsExpiry() {
        #expect(InquiryPlan(Self.job(), at: Self.expiry).first == .close)
        #expect(InquiryPlan(Self.job(), at: Self.expiry.adding(seconds: 3_600)).first == .close)
    }

    @Test func anOrderThatItsMerchantClosesIsClosedBeforeItsExpiry() {
        let plan = InquiryPlan(
            Self.job(closeRequested: true), at: Self.expiry.adding(seconds: -600))
        #expect(plan.first == .close)
    }

    /// Its pay URL is valid: it is closed once its trade exists, or when the URL has ended.
    @Test func aCloseThatTheChannelDoesNotKnowIsRepeatedUntilTheExpiry() {
        let now = Self.expiry.adding(seconds: -7_200)
        let late = InquiryPlan(Self.job(attempt: 12, closeRequested: true), at: now)
        #expect(late.nextAt == now.adding(seconds: 300))
        let early = InquiryPlan(Self.job(attempt: 1, closeRequested: true), at: now)
        #expect(early.nextAt == now.adding(seconds: 60))
        let last = InquiryPlan(
            Self.job(attempt: 12, closeRequested: true), at: Self.expiry.adding(seconds: -100))
        #expect(last.nextAt == Self.expiry)
    }

    @Test func aRefusedCloseIsFollowedByAQueryAndAnAcceptedOneIsNot() {
        let plan = InquiryPlan(Self.job(), at: Self.expiry)
        #expect(plan.call(after: .close, answer: Self.answer(Self.refused)) == .query)
        #expect(plan.call(after: .close, answer: Self.answer(.done)) == nil)
    }

    @Test func theNextInquiryFollowsTheSchedule() {
        let now = Self.expiry.adding(seconds: -1_700)
        #expect(InquiryPlan(Self.job(attempt: 1), at: now).nextAt == now.adding(seconds: 60))
        #expect(InquiryPlan(Self.job(attempt: 4), at: now).nextAt == now.adding(seconds: 600))
    }

    @Test func theExpiryIsAMomentToCallAtWhateverTheScheduleSays() {
        let now = Self.expiry.adding(seconds: -90)
        #expect(InquiryPlan(Self.job(attempt: 4), at: now).nextAt == Self.expiry)
    }

    @Test func anExpiredOrderIsCalledAboutEveryHourInTheEnd() {
        let plan = InquiryPlan(Self.job(attempt: 40), at: Self.expiry)
        #expect(plan.nextAt == Self.expiry.adding(seconds: 3_600))
    }
}
