import Logging
import Testing

@testable import Logs

@Suite struct RepeatedLinesTests {
    private let start = ContinuousClock.now

    @Test func equalLinesAreLoggedOnceIn30SecondsWithTheirNumber() {
        let logged = LoggedLines()
        let lines = RepeatedLines(logged.logger)
        // librdkafka's line of each attempt to connect, 20 a second for 31 s.
        for number in 0..<620 {
            lines.log(
                level: .warning, "127.0.0.1:9092: connect failed (after \(number)ms)",
                at: start + .milliseconds(50 * number))
        }
        #expect(
            logged.all == [
                "warning 127.0.0.1:9092: connect failed (after 0ms)",
                "warning 127.0.0.1:9092: connect failed (after 600ms) skipped=599",
            ])
    }

    @Test func anotherLineIsLoggedAtOnce() {
        let logged = LoggedLines()
        let lines = RepeatedLines(logged.logger)
        lines.log(level: .warning, "connect failed", at: start)
        lines.log(level: .warning, "login refused", at: start)
        lines.log(level: .warning, "login refused", key: "another", at: start)
        #expect(logged.all.count == 3)
    }

    @Test func anyNumberOfDifferentLinesIsBounded() {
        let logged = LoggedLines()
        let lines = RepeatedLines(logged.logger)
        for number in 0..<1_000 {
            lines.log(
                level: .warning, String(repeating: "a", count: number + 1), at: start)
        }
        #expect(logged.all.count == 65)
    }
}
