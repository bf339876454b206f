import Events
import Kafka
import Payments
import Postgres
import Store

/// The transaction of one batch: its effect, its events, its dead letters and its offsets.
struct BatchTransaction<W: Worker>: Sendable {
    let worker: W
    let crashPoints: CrashPoints
    /// How many consecutive dead letters of a partition are allowed; 0: any number.
    let poisonLimit: Int
    /// The ids of the worker's topics, where the broker gives them.
    let topicIDs: [String: String]
    /// Whether the items that break the handler are to be found, at the cost of a savepoint a part.
    let isIsolating: Bool
    let connection: PostgresConnection

    /// What the committed transaction stored.
    struct Result: Sendable {
        /// The row with the events to publish, if any.
        let outbox: OutboxRow?
        let rejectedCount: Int
        let poisonCount: Int
        let consecutivePoison: ConsecutivePoison
    }

    /// - Parameter run: the consecutive dead letters before this batch.
    /// - Throws: `PoisonLimitError` where a partition has too many with this batch.
    func run(
        _ batch: Batch<W.Item>, after run: ConsecutivePoison, now: Timestamp
    ) async throws -> Result {
        try await connection.transaction { transaction in
            try await move(batch.moves, in: transaction)
            let effect = try await apply(batch, in: transaction, now: now)
            let run = try run.following(batch, poison: effect.poison, limit: poisonLimit)
            try await store(run, and: batch, in: transaction)
            let deadLetters = self.deadLetters(of: batch, poison: effect.poison, now: now)
            var events = effect.events
            if !deadLetters.isEmpty {
                _ = try await transaction.run(AddDeadLetters(deadLetters, now: now))
                events += deadLetters.map { $0.mirrored() }
            }
            var row: OutboxRow?
            if !events.isEmpty {
                let id = try await transaction.run(
                    AddToOutbox(worker: worker.name, sources: batch.sources, events: events)
                ).first
                row = id.map { OutboxRow(id: $0, events: events) }
            }
            crashPoints.reached(.applied)
            return Result(
                outbox: row, rejectedCount: effect.rejectedCount, poisonCount: deadLetters.count,
                consecutivePoison: run)
        }
    }

    private func store(
        _ run: ConsecutivePoison, and batch: Batch<W.Item>, in transaction: PostgresTransaction
    ) async throws {
        let runs = run.runs(of: batch)
        if !runs.isEmpty {
            _ = try await transaction.run(
                StoreConsecutivePoison(worker: worker.name, runs: runs))
        }
        let pauses = batch.storedPauses
        if !pauses.isEmpty {
            _ = try await transaction.run(PausePartitions(worker: worker.name, pauses: pauses))
        }
    }

    // First in the transaction: it locks the partition's row, so a worker that has lost the
    // partition fails here before it does any work.
    private func move(
        _ moves: [MoveOffsets.Move], in transaction: PostgresTransaction
    ) async throws {
        let moved = try await transaction.run(MoveOffsets(worker: worker.name, moves: moves))
        guard moved.count == moves.count else {
            throw FencedError(worker: worker.name, expected: moves.count, moved: moved.count)
        }
    }

    // The worker gets the ready items only; the indices that it returns are mapped to the batch's.
    private func apply(
        _ batch: Batch<W.Item>, in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        var items: [W.Item] = []
        var places: [Int] = []
        var poison: [Int: Poison] = [:]
        for (place, entry) in batch.entries.enumerated() {
            switch entry.preparation {
            case .ready(let item):
                items.append(item)
                places.append(place)
            case .poison(let why):
                poison[place] = why
            }
        }
        guard !items.isEmpty else { return BatchEffect(poison: poison) }
        var effect = try await effect(of: items, in: transaction, now: now)
        for (index, why) in effect.poison where places.indices.contains(index) {
            poison[places[index]] = why
        }
        effect.poison = poison
        return effect
    }

    private func effect(
        of items: [W.Item], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        guard !isIsolating else {
            return try await BatchIsolation(worker: worker, transaction: transaction, now: now)
                .apply(items)
        }
        let effect = try await worker.apply(items, in: transaction, now: now)
        try EventSize.check(effect.events)
        return effect
    }

    private func deadLetters(
        of batch: Batch<W.Item>, poison: [Int: Poison], now: Timestamp
    ) -> [DeadLetter] {
        // Dead letters of the same time are listed and replayed in the order of their ids.
        let ids = poison.map { _ in EventID.make(at: now) }.sorted {
            $0.description < $1.description
        }
        return zip(ids, poison.sorted { $0.key < $1.key }).map { id, one in
            let record = batch.entries[one.key].record
            return DeadLetter(
                id: id, record: record, topicID: topicIDs[record.topic] ?? "",
                worker: worker.name, poison: one.value)
        }
    }
}
