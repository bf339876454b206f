import Synchronization

/// A value that several tasks share.
final class Box<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func update(_ body: @Sendable (inout Value) -> Void) { state.withLock { body(&$0) } }
}
