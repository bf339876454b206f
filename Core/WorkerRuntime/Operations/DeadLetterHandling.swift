public import Events
import Kafka
import Payments
import Postgres
public import Store

/// What an operator does with dead letters: replays them to their origin topics, or discards them.
///
/// A batch is one transaction: the dead letters' state, the audit log, and the outbox row with the
/// records to publish. So each dead letter is handled once, even by concurrent commands and across
/// crashes; a role's `OutboxRelay` publishes the records where the process ended after its commit.
public struct DeadLetterHandling: Sendable {
    /// What is done with a dead letter.
    public enum Action: Sendable, Equatable {
        /// Its record is published to its origin topic, unchanged but for the two replay headers.
        case replay
        /// It is closed without a replay.
        case discard(because: String?)
    }

    /// The counts so far.
    public struct Outcome: Sendable, Equatable {
        /// Dead letters that were handled.
        public var handled = 0
        /// Dead letters that another transaction was handling at that time, and records that their
        /// topic wouldn't take with a replay's headers.
        public var skipped = 0

        /// Zero.
        public init() {}
    }

    // What the two headers of a replay add at most.
    private static let replayHeaderBytes = 200

    /// The maximum number of dead letters of one transaction.
    public static let batchLimit = 500

    private let outbox: TransactionalOutbox
    private let action: Action
    private let actor: String
    private let clock: any BusinessClock

    /// - Parameters:
    ///   - outbox: publishes the replayed records.
    ///   - actor: the operator, for the audit log.
    public init(
        _ action: Action, outbox: TransactionalOutbox, actor: String, clock: any BusinessClock
    ) {
        self.outbox = outbox
        self.action = action
        self.actor = actor
        self.clock = clock
    }

    /// Handles dead letters by their ids; those that are closed already or locked are passed over.
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
            outcome.skipped += batch.count - handled
            if await outbox.hasStoppedWaiting { break }
        }
        return outcome
    }

    /// Handles the open dead letters of a filter, oldest first.
    /// - Parameters:
    ///   - limit: the maximum number.
    ///   - rate: the maximum number a second, on average since the start.
    ///   - progress: called after each batch.
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
            // Keyset pagination: dead index entries aren't read again.
            guard let last = found.last else { break }
            place = last.place
            outcome.handled += handled
            outcome.skipped += found.count - handled
            progress(outcome)
            if found.count < wanted { break }
            // The broker acknowledges nothing: the rest stays open instead of filling the outbox.
            if await outbox.hasStoppedWaiting { break }
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
            let deadLetters = try await transaction.run(
                TakeForReplay(
                    ids, largest: EventSize.limit - Self.replayHeaderBytes, actor: actor, now: now))
            // In their original order, so that a key's records keep it.
            let inOrder = deadLetters.sorted {
                ($0.topic, $0.partition, $0.offset) < ($1.topic, $1.partition, $1.offset)
            }
            return (inOrder.map(Self.record), deadLetters.count)
        case .discard(let because):
            let discarded = try await transaction.run(
                DiscardDeadLetters(ids, actor: actor, because: because, now: now))
            return ([], discarded.count)
        }
    }

    private static func record(_ deadLetter: TakeForReplay.Row) -> OutgoingEvent {
        let kept = deadLetter.headers.filter {
            $0.name != ReplayHeader.from && $0.name != ReplayHeader.count
        }
        return OutgoingEvent(
            topic: deadLetter.topic, key: deadLetter.key, value: deadLetter.value,
            headers: kept + [
                .init(ReplayHeader.from, deadLetter.id.description),
                .init(ReplayHeader.count, String(deadLetter.replayCount + 1)),
            ])
    }
}
