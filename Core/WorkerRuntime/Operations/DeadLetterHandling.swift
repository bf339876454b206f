public import Events
import Kafka
import Payments
import Postgres
public import Store

/// What an operator does with dead letters: sends them back to where they came from, or gives them
/// up.
///
/// A batch is one transaction: the letters' state, who did it, and the outbox row with the records
/// to be published. So each letter is handled once, whoever else handles the same ones and whatever
/// crashes; records of a transaction whose process died are published by a role's `OutboxRelay`.
public struct DeadLetterHandling: Sendable {
    /// What is done with a letter.
    public enum Action: Sendable, Equatable {
        /// Its record goes back to its topic, unchanged but for the two replay headers.
        case replay
        /// It is given up.
        case discard(because: String?)
    }

    /// How far it has got.
    public struct Outcome: Sendable, Equatable {
        /// Letters that were handled.
        public var handled = 0
        /// Letters that somebody else was handling at that moment.
        public var passedOver = 0

        /// Nothing yet.
        public init() {}
    }

    /// Letters of one transaction, at most.
    public static let batchLimit = 500

    private let outbox: TransactionalOutbox
    private let action: Action
    private let actor: String
    private let clock: any BusinessClock

    /// - Parameters:
    ///   - outbox: publishes what is sent back.
    ///   - actor: who does it, for the audit log.
    public init(
        _ action: Action, outbox: TransactionalOutbox, actor: String, clock: any BusinessClock
    ) {
        self.outbox = outbox
        self.action = action
        self.actor = actor
        self.clock = clock
    }

    /// Handles letters by their identities; returns those that were open and free.
    public func handle(_ ids: [EventID]) async throws -> Outcome {
        var outcome = Outcome()
        var rest = ids[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.batchLimit))
            rest = rest.dropFirst(batch.count)
            let handled = try await outbox.run { transaction in
                try await handle(batch, in: transaction)
            }
            outcome.handled += handled
            outcome.passedOver += batch.count - handled
        }
        return outcome
    }

    /// Handles the open letters of a filter, oldest first.
    /// - Parameters:
    ///   - limit: at most so many.
    ///   - rate: at most so many a second, on average since the start.
    ///   - progress: told after each batch.
    public func handle(
        _ filter: DeadLetterFilter, limit: Int? = nil, rate: Double? = nil,
        progress: @Sendable (Outcome) -> Void = { _ in }
    ) async throws -> Outcome {
        let started = ContinuousClock.now
        let size = rate.map { max(1, min(Self.batchLimit, Int($0 / 4))) } ?? Self.batchLimit
        var outcome = Outcome()
        var place: DeadLetterPlace?
        while outcome.handled < limit ?? .max {
            let wanted = min(size, (limit ?? .max) - outcome.handled)
            let page = DeadLetterPage(filter, after: place, limit: wanted)
            let (found, handled) = try await outbox.run { transaction in
                let found = try await page.run(in: transaction)
                let (events, handled) = try await handle(found.map(\.id), in: transaction)
                return (events, (found, handled))
            }
            // What was found and is behind stays behind: dead index entries aren't read again.
            guard let last = found.last else { break }
            place = last.place
            outcome.handled += handled
            outcome.passedOver += found.count - handled
            progress(outcome)
            if found.count < wanted { break }
            if let rate {
                let due = started + .seconds(Double(outcome.handled) / rate)
                try await Task.sleep(until: due, clock: .continuous)
            }
        }
        return outcome
    }

    private func handle(
        _ ids: [EventID], in transaction: PostgresTransaction
    ) async throws -> ([OutgoingEvent], Int) {
        guard !ids.isEmpty else { return ([], 0) }
        let now = clock.now()
        switch action {
        case .replay:
            let letters = try await transaction.run(TakeForReplay(ids, actor: actor, now: now))
            // As they stood, so that a key's records keep their order.
            let inOrder = letters.sorted {
                ($0.topic, $0.partition, $0.offset) < ($1.topic, $1.partition, $1.offset)
            }
            return (inOrder.map(Self.record), letters.count)
        case .discard(let because):
            let gone = try await transaction.run(
                DiscardDeadLetters(ids, actor: actor, because: because, now: now))
            return ([], gone.count)
        }
    }

    private static func record(_ letter: TakeForReplay.Row) -> OutgoingEvent {
        let kept = letter.headers.filter {
            $0.name != ReplayHeader.from && $0.name != ReplayHeader.count
        }
        return OutgoingEvent(
            topic: letter.topic, key: letter.key, value: letter.value,
            headers: kept + [
                .init(ReplayHeader.from, letter.id.description),
                .init(ReplayHeader.count, String(letter.replayCount + 1)),
            ])
    }
}
