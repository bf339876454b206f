import Synchronization

/// What is known of a client's connection; written by librdkafka's callbacks, read by anybody.
final class ClientStatus: Sendable {
    private struct State {
        var isConnected = false
        var lastError: KafkaError?
        var fatalError: KafkaError?
    }

    private let state = Mutex(State())

    /// Whether at least one broker answered when last heard of.
    var isConnected: Bool { state.withLock { $0.isConnected } }

    /// What broke last; kept after the connection is mended.
    var lastError: KafkaError? { state.withLock { $0.lastError } }

    /// Set once the client is of no use any more.
    var fatalError: KafkaError? { state.withLock { $0.fatalError } }

    /// A broker has answered.
    func noteAnswer() {
        state.withLock { $0.isConnected = true }
    }

    func note(_ error: KafkaError, allBrokersDown: Bool) {
        state.withLock { state in
            state.lastError = error
            if allBrokersDown { state.isConnected = false }
            if error.isFatal { state.fatalError = error }
        }
    }
}
