import Store
import WorkerRuntime

/// Publishes events to the broker.
protocol EventPublisher: Sendable {
    /// Returns once the broker has acknowledged every event.
    /// - Throws: where one isn't acknowledged; the broker may have it all the same.
    func publish(_ events: [OutgoingEvent]) async throws

    /// Whether no broker answers, so that publishing would only wait for its timeout.
    var isBrokerUnavailable: Bool { get async }
}

extension EventProducer: EventPublisher {}
