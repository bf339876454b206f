import Foundation
import Kafka
import TestStack
import TestWaiting

/// One run: workers process orders while faults are injected, until enough were killed; then they
/// finish and stop, and the auditor reads what they did.
struct FaultRun: Sendable {
    /// How big it is.
    struct Plan: Sendable {
        let kills: Int
        let orders: Int
        let seed: UInt64
        /// Processes of every role.
        let processes: Int
        let faults: [Fault]

        /// Every fault at least once, and about four kills in each.
        var rounds: Int { max(faults.count, kills / 4) }
    }

    let plan: Plan
    let stack: FaultStack
    let feed: Feed
    let processes: RoleProcesses
    let recovery: RecoveryClock
    private let random: FaultRandom
    private let started = ContinuousClock.now

    init(_ plan: Plan, on stack: FaultStack) throws {
        var random = FaultRandom(seed: plan.seed)
        self.plan = plan
        self.stack = stack
        feed = try Feed(stack: stack, random: random.split())
        recovery = RecoveryClock(stack: stack)
        processes = RoleProcesses(
            stack: stack, recovery: recovery, wantedKills: plan.kills, random: random.split())
        self.random = random
    }

    /// Returns once everything is processed and the workers have stopped.
    func run() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await processes.run(plan.processes)
                return false
            }
            group.addTask {
                try await recovery.watch(feed)
                return false
            }
            group.addTask {
                try await injectFaults()
                try await finish()
                return true
            }
            // The first to return is done, unless a watcher has failed.
            while let isDone = try await group.next(), !isDone {}
            group.cancelAll()
        }
    }

    private func injectFaults() async throws {
        var random = random
        try await feed.publish(upTo: plan.orders / (plan.rounds + 1), pause: .zero)
        try await waitUntilDone(0.5)
        try await feed.notifyOfAccepted()
        var deck: [Fault] = []
        var round = 0
        while await processes.kills < plan.kills || round < plan.faults.count {
            if deck.isEmpty { deck = plan.faults.shuffled(using: &random) }
            let fault = deck.removeLast()
            round += 1
            try await play(round, fault, &random)
        }
    }

    private func play(_ round: Int, _ fault: Fault, _ random: inout FaultRandom) async throws {
        let share = plan.orders * min(round + 1, plan.rounds + 1) / (plan.rounds + 1)
        let faultRandom = random.split()
        let wanted = await plan.kills - processes.kills
        let left = max(plan.rounds - round + 1, 1)
        let volley =
            round == plan.rounds ? wanted : min(wanted, random.int(1...max(2, 2 * wanted / left)))
        async let injected: Void = fault.inject(
            into: stack, processes, feed, recovery, faultRandom)
        async let fed: Void = feed.publish(upTo: share, pause: .milliseconds(20))
        if volley > 0 {
            try await Task.sleep(for: random.milliseconds(0...1_500))
            await processes.kill(min(volley, FaultRole.allCases.count * plan.processes))
        }
        try await injected
        if fault.isOutage { await recovery.outageEnded() }
        try await fed
        try await settle(round, fault)
    }

    private func settle(_ round: Int, _ fault: Fault) async throws {
        do {
            try await eventually("every role works again", within: .seconds(120)) {
                let isQuiet = await processes.isQuiet
                return await recovery.isSettled && isQuiet
            }
        } catch {
            let roles = await recovery.waiting
            throw DeadlineError(
                description: "round \(round) (\(fault)): \(roles) didn't work again in 120 s")
        }
        try await feed.notifyOfAccepted()
        let (kills, orders) = await (processes.kills, feed.published)
        Self.log("\(Int(seconds)) s: round \(round) \(fault): kills=\(kills) orders=\(orders)")
    }

    private func finish() async throws {
        try await feed.publish(upTo: plan.orders, pause: .zero)
        try await waitUntilDone(1)
        try await feed.notifyOfAccepted()
        try await waitUntilDone(1)
        try await eventually("everything is published", within: .seconds(120)) {
            try await stack.count("select count(*) from outbox") == 0
        }
        try await processes.stop()
    }

    /// Returns when the workers have done at least that share of what was published.
    private func waitUntilDone(_ share: Double) async throws {
        let ends = await feed.ends
        let wanted = Int((Double(ends.values.reduce(0, +)) * share).rounded())
        var best = -1
        var moved = ContinuousClock.now
        while best < wanted {
            try await Task.sleep(for: .milliseconds(100))
            let sum = "select coalesce(sum(next_offset), 0)::bigint from consumer_offsets"
            let done = (try? await stack.count(sum)) ?? best
            if done > best { (best, moved) = (done, .now) }
            guard ContinuousClock.now - moved < .seconds(60) else {
                throw DeadlineError(
                    description: "the workers don't get past \(best) of \(wanted) records")
            }
        }
    }

    /// How long it has taken so far.
    var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

    /// Standard output belongs to the result.
    static func log(_ text: String) {
        FileHandle.standardError.write(Data("\(Date()) \(text)\n".utf8))
    }
}
