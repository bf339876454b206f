import Sentences
import Synchronization

/// The progress of a long command, on standard error: a bar redrawn in place on a terminal, else a
/// line every five seconds.
final class ProgressLine: Sendable {
    private let verb: String
    private let total: Int
    private let isQuiet: Bool
    private let started = ContinuousClock.now
    private let shownAt: Mutex<ContinuousClock.Instant>

    /// - Parameters:
    ///   - verb: what is done.
    ///   - isQuiet: prints nothing: the command is expected to take less than a second.
    init(_ verb: String, total: Int, isQuiet: Bool) {
        self.verb = verb
        self.total = total
        self.isQuiet = isQuiet
        shownAt = Mutex(started)
    }

    /// Reports that `count` of the total are done.
    func show(_ count: Int) {
        guard !isQuiet else { return }
        let isTerminal = Screen.shared.isTerminal
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        let now = ContinuousClock.now
        let isDue = shownAt.withLock { shownAt in
            guard now - shownAt >= pause else { return false }
            shownAt = now
            return true
        }
        guard isDue else { return }
        let text = Self.text(verb, count, of: total, after: now - started, hasBar: isTerminal)
        if isTerminal { Screen.shared.draw([text]) } else { Terminal.note(text) }
    }

    /// Removes the bar from the terminal.
    func end() { Screen.shared.clear() }

    /// `replay [#####·····]  52,000/100,000  52 %  9,800/s  5 s left`
    static func text(
        _ verb: String, _ count: Int, of total: Int, after duration: Duration, hasBar: Bool
    ) -> String {
        let share = total > 0 ? min(1, Double(count) / Double(total)) : 1
        let speed = Double(count) / max(duration / .seconds(1), 0.001)
        let left = Duration.seconds(Double(max(0, total - count)) / max(speed, 0.001))
        let bar = hasBar ? " " + Self.bar(share) : ""
        return "\(verb)\(bar)  \(count.grouped)/\(total.grouped)  \(Int(share * 100)) %  "
            + "\(Int(speed).grouped)/s  \(left.approximate) left"
    }

    /// `[#####···············]`
    static func bar(_ share: Double, width: Int = 20) -> String {
        let filled = Int(min(1, max(0, share)) * Double(width))
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: "·", count: width - filled) + "]"
    }
}
