import Synchronization

/// Whether the reply reader's start offsets are resolved and its broker is connected: only then is
/// every reply published from now on read.
final class ReaderReadiness: Sendable {
    private let state = Mutex(false)
    var isTrue: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
