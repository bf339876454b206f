import Synchronization

/// The windows of parties and the places of destinations, for all deliveries of the process.
final class Receivers: Sendable {
    private let windows = Mutex(ReceiverWindows())
    private let places = Mutex(DestinationPlaces())

    /// Reads or changes the windows.
    func windows<Value: Sendable>(_ body: (inout ReceiverWindows) -> Value) -> Value {
        windows.withLock { body(&$0) }
    }

    /// Reads or changes the places.
    func places<Value: Sendable>(_ body: (inout DestinationPlaces) -> Value) -> Value {
        places.withLock { body(&$0) }
    }
}
