import Events
import Store
import Synchronization

@testable import Gateway

/// A broker in a test's hands: it acknowledges, fails, or holds the acknowledgement back.
final class TestPublisher: EventPublisher {
    struct NotAcknowledged: Error {}

    enum Behaviour: Sendable {
        case acknowledge
        case fail
        case unavailable
    }

    private let behaviour: Behaviour
    private let whilePublishing: @Sendable ([OutgoingEvent]) async throws -> Void
    private let state = Mutex<[OutgoingEvent]>([])

    /// - Parameter whilePublishing: runs before the broker acknowledges.
    init(
        _ behaviour: Behaviour = .acknowledge,
        whilePublishing: @escaping @Sendable ([OutgoingEvent]) async throws -> Void = { _ in }
    ) {
        self.behaviour = behaviour
        self.whilePublishing = whilePublishing
    }

    /// What was published, acknowledged or not.
    var events: [OutgoingEvent] { state.withLock { $0 } }

    var isBrokerUnavailable: Bool {
        if case .unavailable = behaviour { true } else { false }
    }

    func publish(_ events: [OutgoingEvent]) async throws {
        state.withLock { $0 += events }
        try await whilePublishing(events)
        if case .fail = behaviour { throw NotAcknowledged() }
    }
}
