import Simulator
import Synchronization

/// A played day's report, set by its service.
final class ReportBox: Sendable {
    private let box = Mutex<PlayReport?>(nil)
    var value: PlayReport? {
        get { box.withLock { $0 } }
        set { box.withLock { $0 = newValue } }
    }
}
