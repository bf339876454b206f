import Testing

@testable import Delivery

@Suite struct ReceiverHealthTests {
    private let start = ContinuousClock.now

    @Test func aReceiverRestsAfterTenAttemptsWithoutAReply() async {
        let health = ReceiverHealth()
        for attempt in 1...9 {
            await health.record("A", hasReplied: false, at: start)
            #expect(await health.resting(at: start).isEmpty, "attempt \(attempt)")
        }
        await health.record("A", hasReplied: false, at: start)
        #expect(await health.resting(at: start) == ["A"])
    }

    @Test func itRestsForTenSecondsAndAgainAfterOneMoreWithoutAReply() async {
        let health = ReceiverHealth()
        for _ in 1...10 { await health.record("A", hasReplied: false, at: start) }
        let end = start + .seconds(10)
        #expect(await health.resting(at: end - .nanoseconds(1)) == ["A"])
        #expect(await health.resting(at: end).isEmpty)
        await health.record("A", hasReplied: false, at: end)
        #expect(await health.resting(at: end + .seconds(9)) == ["A"])
    }

    @Test func anyReplyEndsTheCount() async {
        let health = ReceiverHealth()
        for _ in 1...9 { await health.record("A", hasReplied: false, at: start) }
        await health.record("A", hasReplied: true, at: start)
        await health.record("A", hasReplied: false, at: start)
        #expect(await health.resting(at: start).isEmpty)
        for _ in 1...9 { await health.record("A", hasReplied: false, at: start) }
        #expect(await health.resting(at: start) == ["A"])
        await health.record("A", hasReplied: true, at: start)
        #expect(await health.resting(at: start).isEmpty)
    }

    @Test func receiversAreCountedApart() async {
        let health = ReceiverHealth()
        for _ in 1...9 {
            for receiver in ["A", "B"] {
                await health.record(receiver, hasReplied: false, at: start)
            }
        }
        await health.record("B", hasReplied: false, at: start)
        #expect(await health.resting(at: start) == ["B"])
    }
}
