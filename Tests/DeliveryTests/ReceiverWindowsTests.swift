import Testing

@testable import Delivery
@testable import Store

@Suite struct ReceiverWindowsTests {
    private let start = ContinuousClock.now

    private func windows(after replies: [ReceiverWindows.Reply]) -> ReceiverWindows {
        var windows = ReceiverWindows()
        for reply in replies {
            windows.begin("A", at: start)
            windows.end("A", reply, at: start)
        }
        return windows
    }

    @Test func aPartyHasItsWindowLessWhatIsInFlight() {
        var windows = ReceiverWindows()
        #expect(windows.more(at: start).isEmpty)
        for used in 1...4 {
            windows.begin("A", at: start)
            #expect(windows.more(at: start) == ["A": 4 - used])
        }
        windows.begin("A", at: start)
        #expect(windows.more(at: start) == ["A": 0])
    }

    @Test func promptRepliesGrowAWindowToItsLimit() {
        var grown = windows(after: Array(repeating: .prompt, count: 10))
        #expect(grown.more(at: start) == ["A": 14])
        grown = windows(after: Array(repeating: .prompt, count: 1_000))
        #expect(grown.more(at: start) == ["A": 64])
    }

    @Test func slowRepliesShrinkItToTheFirstWindowAndNoReplyToOne() {
        let prompt = Array(repeating: ReceiverWindows.Reply.prompt, count: 100)
        let slow = windows(after: prompt + Array(repeating: .slow, count: 200))
        #expect(slow.more(at: start) == ["A": 4])
        var silent = windows(after: prompt + Array(repeating: .none, count: 6))
        #expect(silent.more(at: start) == ["A": 1])
        // A slow reply doesn't enlarge the window of one that hung.
        silent.begin("A", at: start)
        silent.end("A", .slow, at: start)
        #expect(silent.more(at: start) == ["A": 1])
    }

    @Test func aPartyIsPausedAfterTenAttemptsWithoutAReplyAndThenAfterEachOne() {
        var windows = windows(after: Array(repeating: .none, count: 9))
        #expect(windows.more(at: start) == ["A": 1])
        windows.begin("A", at: start)
        windows.end("A", .none, at: start)
        #expect(windows.more(at: start) == ["A": 0])
        let end = start + .seconds(10)
        #expect(windows.more(at: end) == ["A": 1])
        windows.begin("A", at: end)
        windows.end("A", .none, at: end)
        #expect(windows.more(at: end + .seconds(9)) == ["A": 0])
        windows.begin("A", at: end + .seconds(10))
        windows.end("A", .prompt, at: end + .seconds(10))
        #expect(windows.more(at: end + .seconds(10)) == ["A": 2])
    }

    @Test func aPartyWhoseDestinationIsFullWaits() {
        var windows = ReceiverWindows()
        windows.begin("A", at: start)
        windows.putOff("A", for: .seconds(1), at: start)
        #expect(windows.more(at: start) == ["A": 0])
        #expect(windows.more(at: start + .seconds(1)) == ["A": 4])
    }

    @Test func aRoomSaysHowMuchOfItIsBeyondTheFirstWindow() {
        var windows = windows(after: Array(repeating: .prompt, count: 100))
        windows.begin("A", at: start)
        #expect(windows.rooms(at: start) == ["A": .init(first: 3, beyond: 60, inFlight: 1)])
        #expect(windows.roomBeyond == 192)
        for _ in 0..<63 { windows.begin("A", at: start) }
        #expect(windows.rooms(at: start) == ["A": .init(first: 0, beyond: 0, inFlight: 64)])
        #expect(windows.roomBeyond == 192 - 60)
    }

    @Test func anIdlePartyIsForgotten() {
        var windows = windows(after: [.none])
        windows.dropIdle(at: start + .seconds(59))
        #expect(windows.more(at: start + .seconds(59)).count == 1)
        windows.dropIdle(at: start + .seconds(60))
        #expect(windows.more(at: start + .seconds(60)).isEmpty)
    }
}

extension ReceiverWindows {
    /// How many more each party may have.
    fileprivate func more(at now: ContinuousClock.Instant) -> [String: Int] {
        rooms(at: now).mapValues { $0.first + $0.beyond }
    }
}
