import Synchronization

/// The shares of the receivers, for all deliveries of the process.
final class Receivers: Sendable {
    private let shares = Mutex(ReceiverShares())

    /// Reads or changes the shares.
    func update<Value: Sendable>(_ body: (inout ReceiverShares) -> Value) -> Value {
        shares.withLock { body(&$0) }
    }
}
