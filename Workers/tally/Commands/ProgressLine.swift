import Foundation
import Synchronization

/// How far a long command has got, on standard error: a bar where that is a terminal, else a line
/// every few seconds.
final class ProgressLine: Sendable {
    private struct State {
        var last: ContinuousClock.Instant
        var isDrawn = false
    }

    private let verb: String
    private let total: Int
    private let isQuiet: Bool
    private let isTerminal = isatty(2) == 1
    private let started = ContinuousClock.now
    private let state: Mutex<State>

    /// - Parameters:
    ///   - verb: what is done.
    ///   - isQuiet: says nothing: it won't take long.
    init(_ verb: String, total: Int, isQuiet: Bool) {
        self.verb = verb
        self.total = total
        self.isQuiet = isQuiet
        state = Mutex(State(last: started))
    }

    /// So many are done.
    func show(_ count: Int) {
        guard !isQuiet else { return }
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            guard now - state.last >= pause else { return false }
            state.last = now
            state.isDrawn = true
            return true
        }
        guard isDue else { return }
        let text = Self.text(verb, count, of: total, after: now - started, hasBar: isTerminal)
        write(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
    }

    /// Leaves the terminal's line.
    func end() {
        let isDrawn = state.withLock { state in
            defer { state.isDrawn = false }
            return state.isDrawn
        }
        if isDrawn && isTerminal { write("\r\u{1B}[K") }
    }

    /// `replay [#####·····]  52,000/100,000  52 %  9,800/s  5 s left`
    static func text(
        _ verb: String, _ count: Int, of total: Int, after duration: Duration, hasBar: Bool
    ) -> String {
        let share = total > 0 ? min(1, Double(count) / Double(total)) : 1
        let speed = Double(count) / max(duration / .seconds(1), 0.001)
        let left = Duration.seconds(Double(max(0, total - count)) / max(speed, 0.001))
        let filled = Int(share * 20)
        let bar =
            hasBar
            ? " [" + String(repeating: "#", count: filled)
                + String(repeating: "·", count: 20 - filled) + "]" : ""
        return "\(verb)\(bar)  \(count.grouped)/\(total.grouped)  \(Int(share * 100)) %  "
            + "\(Int(speed).grouped)/s  \(left.rough) left"
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
