import ArgumentParser
import Events
import Payments
import Postgres
import Store
import Synchronization
import WorkerRuntime

/// One run of `replay` or `discard`.
struct HandlingRun {
    let action: DeadLetterHandling.Action
    let selection: DeadLetterSelection
    let rate: Double?
    let isJSON: Bool
    /// The topics there are, where records go back to them.
    let topics: (() async throws -> Set<String>)?

    func run(_ tools: CommandTools) async throws {
        let ids = selection.identities
        let counts = try await ids.isEmpty ? counts(tools.pool) : counts(of: ids, tools.pool)
        let matched = counts.reduce(0) { $0 + Int($1.count) }
        if selection.dryRun {
            await tools.pool.close()
            return try HandlingReport(action: action, isJSON: isJSON).dryRun(counts, matched)
        }
        try await checkTopics(of: counts)
        let sweep = tools.leftovers
        var leftovers = try await sweep.publishLeftovers()
        let started = ContinuousClock.now
        let progress = ProgressLine(
            action.verb, total: matched, isQuiet: matched < 2 * DeadLetterHandling.batchLimit)
        let outcome = try await handle(ids, tools, progress)
        await tools.outbox.drain()
        progress.end()
        leftovers += try await sweep.publishLeftovers()
        await tools.close()
        try HandlingReport(action: action, isJSON: isJSON).done(
            outcome, leftovers: leftovers, in: ContinuousClock.now - started)
    }

    private func handle(
        _ ids: [EventID], _ tools: CommandTools, _ progress: ProgressLine
    ) async throws -> DeadLetterHandling.Outcome {
        let handling = DeadLetterHandling(
            action, outbox: tools.outbox, actor: DeadLettersCommand.actor, clock: SystemClock())
        let last = Mutex(DeadLetterHandling.Outcome())
        do {
            guard ids.isEmpty else { return try await handling.handle(ids) }
            return try await handling.handle(
                selection.letters.filter(), limit: selection.limit, rate: rate
            ) { outcome in
                last.withLock { $0 = outcome }
                progress.show(outcome.handled)
            }
        } catch {
            progress.end()
            throw CommandError(
                "\(last.withLock { $0.handled }.grouped) letters were \(action.participle) before "
                    + "this happened; the others are as they were, give the command again: "
                    + "\(error)")
        }
    }

    private func counts(_ pool: PostgresPool) async throws -> [CountDeadLetters.Row] {
        let statement = CountDeadLetters(selection.letters.filter(), limit: selection.limit)
        return try await pool.withConnection { try await $0.run(statement) }
    }

    /// Of named letters, all of which must be there and open.
    private func counts(
        of ids: [EventID], _ pool: PostgresPool
    ) async throws -> [CountDeadLetters.Row] {
        let found = try await pool.withConnection { try await $0.run(DeadLettersByID(ids)) }
        let known = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        let complaints = ids.compactMap { id -> String? in
            guard let letter = known[id] else { return "there is no dead letter \(id)" }
            guard letter.status != DeadLetterFilter.Status.open.rawValue else { return nil }
            let at = letter.handledAt.map { " at \($0.shanghai)" } ?? ""
            let by = letter.handledBy.map { " by \($0)" } ?? ""
            return "dead letter \(id) is not open: \(letter.status)\(at)\(by)"
        }
        guard complaints.isEmpty else {
            throw CommandError(
                complaints.joined(separator: "\n") + "\nnothing was \(action.participle)")
        }
        return Dictionary(grouping: found) { [$0.topic, $0.reason] }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { kind, letters in
                let times = letters.map(\.createdAt).sorted()
                return CountDeadLetters.Row(
                    topic: kind[0], reason: kind[1], count: Int64(letters.count),
                    oldest: times[0], newest: times[times.count - 1])
            }
    }

    // A record for a topic that isn't there would be tried for ever, before all that come after.
    private func checkTopics(of counts: [CountDeadLetters.Row]) async throws {
        guard let topics, !counts.isEmpty else { return }
        let missing = Set(counts.map(\.topic)).subtracting(try await topics()).sorted()
        guard missing.isEmpty else {
            throw CommandError(
                "not on the cluster: \(missing.joined(separator: ", ")); nothing was "
                    + "\(action.participle): run tally topics apply, or leave those letters out")
        }
    }
}

extension DeadLetterHandling.Action {
    /// As in `to …`.
    var verb: String { self == .replay ? "replay" : "discard" }
    /// As in `was …`.
    var participle: String { self == .replay ? "replayed" : "discarded" }
}
