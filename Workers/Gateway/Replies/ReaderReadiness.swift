import Synchronization

/// Whether the answers' reader stands where no answer can pass it by.
final class ReaderReadiness: Sendable {
    private let state = Mutex(false)
    var isTrue: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
