import Synchronization

/// The state of a client's connection: written by librdkafka's callbacks, read from any thread.
final class ClientStatus: Sendable {
    private struct State {
        var isConnected = false
        var lastError: KafkaError?
        var cause: KafkaError?
        var fatalError: KafkaError?
    }

    private let state = Mutex(State())

    /// Whether at least one broker answered at the last attempt.
    var isConnected: Bool { state.withLock { $0.isConnected } }

    /// The last error; kept after the connection works again.
    var lastError: KafkaError? { state.withLock { $0.lastError } }

    /// The last error that says why: not only that no broker is connected.
    var cause: KafkaError? { state.withLock { $0.cause } }

    /// Set once the client is unusable.
    var fatalError: KafkaError? { state.withLock { $0.fatalError } }

    /// A broker has answered.
    func recordAnswer() {
        state.withLock { $0.isConnected = true }
    }

    func record(_ error: KafkaError, allBrokersDown: Bool) {
        state.withLock { state in
            state.lastError = error
            if allBrokersDown {
                state.isConnected = false
            } else {
                state.cause = error
            }
            if error.isFatal { state.fatalError = error }
        }
    }
}
