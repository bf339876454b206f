import Testing

@testable import Delivery

@Suite struct ReceiverSharesTests {
    private let start = ContinuousClock.now

    private func shares(after replies: [ReceiverShares.Reply]) -> ReceiverShares {
        var shares = ReceiverShares()
        for reply in replies {
            shares.begin("A", at: start)
            shares.end("A", reply, at: start)
        }
        return shares
    }

    @Test func aPartyHasItsWindowLessWhatIsInFlight() {
        var shares = ReceiverShares()
        #expect(shares.rooms(at: start).isEmpty)
        for used in 1...4 {
            shares.begin("A", at: start)
            #expect(shares.rooms(at: start) == ["A": 4 - used])
        }
        shares.begin("A", at: start)
        #expect(shares.rooms(at: start) == ["A": 0])
    }

    @Test func promptRepliesGrowAWindowToItsLimit() {
        var grown = shares(after: Array(repeating: .prompt, count: 10))
        #expect(grown.rooms(at: start) == ["A": 14])
        grown = shares(after: Array(repeating: .prompt, count: 1_000))
        #expect(grown.rooms(at: start) == ["A": 64])
    }

    @Test func slowRepliesShrinkItToTheFirstWindowAndNoReplyToOne() {
        let prompt = Array(repeating: ReceiverShares.Reply.prompt, count: 100)
        let slow = shares(after: prompt + Array(repeating: .slow, count: 200))
        #expect(slow.rooms(at: start) == ["A": 4])
        var silent = shares(after: prompt + Array(repeating: .none, count: 6))
        #expect(silent.rooms(at: start) == ["A": 1])
        // A slow reply doesn't enlarge the window of one that hung.
        silent.begin("A", at: start)
        silent.end("A", .slow, at: start)
        #expect(silent.rooms(at: start) == ["A": 1])
    }

    @Test func aPartyRestsAfterTenAttemptsWithoutAReplyAndThenAfterEachOne() {
        var shares = shares(after: Array(repeating: .none, count: 9))
        #expect(shares.rooms(at: start) == ["A": 1])
        shares.begin("A", at: start)
        shares.end("A", .none, at: start)
        #expect(shares.rooms(at: start) == ["A": 0])
        let end = start + .seconds(10)
        #expect(shares.rooms(at: end) == ["A": 1])
        shares.begin("A", at: end)
        shares.end("A", .none, at: end)
        #expect(shares.rooms(at: end + .seconds(9)) == ["A": 0])
        shares.begin("A", at: end + .seconds(10))
        shares.end("A", .prompt, at: end + .seconds(10))
        #expect(shares.rooms(at: end + .seconds(10)) == ["A": 2])
    }

    @Test func aHostThatIsFullTakesNoMoreWhoeverSends() {
        var shares = ReceiverShares()
        func enter(_ names: Set<String>) -> Bool { shares.enter(names) }
        for number in 0..<64 {
            #expect(enter(["host a", "address \(number)"]))
        }
        #expect(!enter(["host a", "address 99"]))
        // One that can't enter takes nothing of the other share.
        for _ in 0..<64 { #expect(enter(["host b", "address 99"])) }
        #expect(!enter(["address 99"]))
        shares.leave(["host a", "address 1"])
        #expect(enter(["host a", "address 1"]))
    }

    @Test func aPartyWhoseDestinationIsFullWaits() {
        var shares = ReceiverShares()
        shares.begin("A", at: start)
        shares.putOff("A", for: .seconds(1), at: start)
        #expect(shares.rooms(at: start) == ["A": 0])
        #expect(shares.rooms(at: start + .seconds(1)) == ["A": 4])
    }

    @Test func anIdlePartyIsForgotten() {
        var shares = shares(after: [.none])
        shares.dropIdle(at: start + .seconds(59))
        #expect(shares.rooms(at: start + .seconds(59)).count == 1)
        shares.dropIdle(at: start + .seconds(60))
        #expect(shares.rooms(at: start + .seconds(60)).isEmpty)
    }
}
