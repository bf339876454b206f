import Simulator
import Synchronization

/// Carries a played day's report out of its service.
final class ReportBox: Sendable {
    private let box = Mutex<PlayReport?>(nil)
    var value: PlayReport? {
        get { box.withLock { $0 } }
        set { box.withLock { $0 = newValue } }
    }
}
