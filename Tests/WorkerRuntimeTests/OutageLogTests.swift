import Logging
import Synchronization
import Testing

@testable import Logs

@Suite struct OutageLogTests {
    private let start = ContinuousClock.now

    @Test func anOutageIsLoggedOnceThenEvery30SecondsAndOnceAtItsEnd() {
        let lines = LoggedLines()
        let log = OutageLog(lines.logger)
        // Ten failures a second for 65 s.
        for number in 0..<650 {
            log.failed(
                "the database doesn't answer", metadata: ["error": "refused"],
                at: start + .milliseconds(100 * number))
        }
        log.recovered("the database answers", at: start + .seconds(65))
        #expect(
            lines.all == [
                "warning the database doesn't answer error=refused",
                "warning the database doesn't answer error=refused failures=300 seconds=30",
                "warning the database doesn't answer error=refused failures=300 seconds=60",
                "notice the database answers failures=650 seconds=65",
            ])
    }

    @Test func whatWorksIsNotLogged() {
        let lines = LoggedLines()
        let log = OutageLog(lines.logger)
        for _ in 0..<100 { log.recovered("it works", at: start) }
        #expect(lines.all.isEmpty)
    }

    @Test func anotherOutageIsLoggedAtOnce() {
        var state = OutageState(interval: .seconds(30))
        #expect(state.failed(at: start) != nil)
        #expect(state.recovered(at: start + .seconds(1)) != nil)
        #expect(
            state.failed(at: start + .seconds(2))
                == OutageState.Line(failures: 1, lasted: .zero))
    }

    @Test func whatFailsAndRecoversAllTheTimeFillsNoLog() {
        var state = OutageState(interval: .seconds(30))
        var lines = 0
        var reported = 0
        for number in 0..<600 {
            let now = start + .milliseconds(100 * number)
            if let line = state.failed(at: now) {
                lines += 1
                reported += line.failures
            }
            if state.recovered(at: now + .milliseconds(50)) != nil { lines += 1 }
        }
        // Six lines an interval and, at most, one more for the end of each.
        #expect(lines <= 2 * 12)
        #expect(reported > 300)
    }
}

/// Collects log lines as `level message name=value…`.
final class LoggedLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "logged-lines") { _ in Handler(lines: self) }
    }

    private func add(_ line: String) { lines.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let lines: LoggedLines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = metadata.merging(event.metadata ?? [:]) { $1 }
                .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            lines.add("\(event.level) \(event.message)\(pairs.joined())")
        }
    }
}
