import Events
import Payments
import Testing

@testable import Gateway

@Suite struct PendingRepliesTests {
    private let question = PendingReplies.CorrelationKey.order("T1")
    private let patience = Duration.seconds(60)

    private func change() -> PendingReplies.Answer {
        let now = Timestamp(microseconds: 1_790_000_000_000_000)
        return .changed(
            OrderChanged(
                envelope: OrderChanged.envelope(.closed, at: now),
                orderNo: "T1", merchantNo: "M1", merchantOrderNo: "m1", product: .pc,
                amountFen: Money(fen: 1), refundedFen: .zero, status: .closed, version: 2,
                late: false))
    }

    @Test func anAnswerThatIsFasterThanTheAskingIsNotMissed() async throws {
        let pending = PendingReplies(limit: 1)
        let (asked, answer) = try await pending.answer(to: question, within: patience) {
            await pending.post(change(), to: question)
            return 7
        }
        #expect(asked == 7)
        #expect(answer != nil)
        #expect(await pending.count == 0)
    }

    @Test func everyAskerOfAQuestionIsAnswered() async throws {
        let pending = PendingReplies(limit: 2)
        // The first leaves with its answer while the second has only begun.
        async let second = pending.answer(to: question, within: patience) {
            _ = try await pending.answer(to: question, within: patience) {
                await pending.post(change(), to: question)
            }
        }
        #expect(try await second.1 != nil)
        #expect(await pending.count == 0)
    }

    @Test func nothingIsKeptOfAnAnswerThatNobodyAskedFor() async throws {
        let pending = PendingReplies(limit: 1)
        await pending.post(change(), to: question)
        let (_, answer) = try await pending.answer(to: question, within: .milliseconds(1)) {}
        #expect(answer == nil)
    }

    @Test func aFailedOrUnneededQuestionLeavesTheBoard() async throws {
        struct Broken: Error {}
        let pending = PendingReplies(limit: 1)
        await #expect(throws: Broken.self) {
            try await pending.answer(to: question, within: patience) { throw Broken() }
        }
        let (_, answer) = try await pending.answer(
            to: question, within: patience, where: { !$0 }, asking: { true })
        #expect(answer == nil)
        #expect(await pending.count == 0)
    }

    @Test func moreThanItHoldsIsRefusedBeforeAsking() async throws {
        let pending = PendingReplies(limit: 1)
        _ = try await pending.answer(to: question, within: .milliseconds(1)) {
            await #expect(throws: Problem.self) {
                try await pending.answer(to: question, within: patience) {
                    Issue.record("it was asked")
                }
            }
        }
    }
}
