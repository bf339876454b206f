import Synchronization

/// Something that is either so or not, told from inside a transaction's closure.
final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
