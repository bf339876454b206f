import Payments
import Sandbox
import Synchronization

/// Shows a played day's progress on standard error: a block redrawn in place on a terminal, else a
/// line for each business hour.
final class DayProgressOutput: Sendable {
    private let hour = Mutex<Int64?>(nil)

    func show(_ progress: DayProgress) {
        if Screen.shared.isTerminal {
            Screen.shared.draw(
                DayProgressPage.block(progress, columns: min(100, Screen.columns - 1)))
            return
        }
        let now = progress.now.microseconds / 3_600_000_000
        let isNew = hour.withLock { hour in
            defer { hour = now }
            return hour != now
        }
        if isNew { Terminal.note(DayProgressPage.line(progress)) }
    }

    /// Removes the block from the terminal.
    func end() { Screen.shared.clear() }
}
