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
    /// The cluster's topics; `nil` where the action publishes nothing.
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
        var leftovers = try await publishLeftovers(tools)
        let started = ContinuousClock.now
        let progress = ProgressLine(
            action.verb, total: matched, isQuiet: matched < 2 * DeadLetterHandling.batchLimit)
        let outcome = try await tools.storing { try await handle(ids, tools, progress) }
        progress.end()
        let isPublished = await tools.outbox.finish(within: CommandTools.limit)
        if isPublished { leftovers += try await publishLeftovers(tools) }
        _ = await tools.close()
        try HandlingReport(action: action, isJSON: isJSON).done(
            outcome, leftovers: leftovers, in: ContinuousClock.now - started)
        guard isPublished else { throw await tools.unpublished("the records", by: "signature") }
    }

    /// What earlier runs left in the outbox. A discard publishes nothing, so it doesn't depend on
    /// it.
    private func publishLeftovers(_ tools: CommandTools) async throws -> Int {
        guard topics != nil else { return 0 }
        return try await tools.leftovers.publishLeftovers()
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
                selection.filter.filter(), limit: selection.limit, rate: rate
            ) { outcome in
                last.withLock { $0 = outcome }
                progress.show(outcome.handled)
            }
        } catch {
            progress.end()
            throw CommandError(
                "\(last.withLock { $0.handled }.grouped) were \(action.participle) before "
                    + "this failure, the others are unchanged; run the command again: \(error)")
        }
    }

    private func counts(_ pool: PostgresPool) async throws -> [CountDeadLetters.Row] {
        let statement = CountDeadLetters(selection.filter.filter(), limit: selection.limit)
        return try await pool.withConnection { try await $0.run(statement) }
    }

    /// Counts of the dead letters with these ids, all of which must exist and be open.
    private func counts(
        of ids: [EventID], _ pool: PostgresPool
    ) async throws -> [CountDeadLetters.Row] {
        let found = try await pool.withConnection { try await $0.run(DeadLettersByID(ids)) }
        let known = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        let problems = ids.compactMap { id -> String? in
            guard let deadLetter = known[id] else { return "there is no dead letter \(id)" }
            guard deadLetter.status != DeadLetterFilter.Status.open.rawValue else { return nil }
            let at = deadLetter.handledAt.map { " at \($0.shanghai)" } ?? ""
            let by = deadLetter.handledBy.map { " by \($0)" } ?? ""
            return "dead letter \(id) is not open: \(deadLetter.status)\(at)\(by)"
        }
        guard problems.isEmpty else {
            throw CommandError(
                problems.joined(separator: "\n") + "\nnothing was \(action.participle)")
        }
        return Dictionary(grouping: found) { [$0.topic, $0.reason] }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { kind, rows in
                let times = rows.map(\.createdAt).sorted()
                return CountDeadLetters.Row(
                    topic: kind[0], reason: kind[1], count: Int64(rows.count),
                    oldest: times[0], newest: times[times.count - 1])
            }
    }

    // A record for a topic that doesn't exist is retried for ever and blocks the records behind it.
    private func checkTopics(of counts: [CountDeadLetters.Row]) async throws {
        guard let topics, !counts.isEmpty else { return }
        let missing = Set(counts.map(\.topic)).subtracting(try await topics()).sorted()
        guard missing.isEmpty else {
            throw CommandError(
                "not on the cluster: \(missing.joined(separator: ", ")); nothing was "
                    + "\(action.participle): run tally topics apply, or select other dead letters")
        }
    }
}

extension DeadLetterHandling.Action {
    /// As in `to …`.
    var verb: String { self == .replay ? "replay" : "discard" }
    /// As in `was …`.
    var participle: String { self == .replay ? "replayed" : "discarded" }
}
