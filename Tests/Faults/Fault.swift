import ArgumentParser
import Foundation
import TestStack
import TestWaiting

/// What goes wrong beside the kills.
enum Fault: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// A process is frozen for longer than its session, and goes on as if nothing had been.
    case zombie
    /// PostgreSQL stops at once and recovers.
    case databaseCrash
    /// Connections are cut at random moments, COMMIT's included.
    case cutConnections
    /// A process joins, and one leaves.
    case rebalance
    /// The database takes no writes.
    case readOnly
    /// The database's disk is full.
    case diskFull
    /// The wall clock of the workers jumps by hours, and back.
    case clockStep
    /// The broker answers nobody, for up to twice a session.
    case brokerFreeze
    /// The broker is killed and comes back with what it had stored.
    case brokerCrash

    /// Whether it can be had here: only who may mount can give the database a disk of its own.
    var isPossible: Bool { self != .diskFull || MountNamespace.isPossible }

    /// Whether it keeps every process from working.
    var isOutage: Bool {
        switch self {
        case .zombie, .cutConnections, .rebalance, .clockStep: false
        case .databaseCrash, .readOnly, .diskFull, .brokerFreeze, .brokerCrash: true
        }
    }

    func happen(
        to stack: FaultStack, _ crew: Crew, _ feed: Feed, _ recovery: RecoveryClock,
        _ random: FaultRandom
    ) async throws {
        var random = random
        try await Task.sleep(for: random.milliseconds(0...800))
        switch self {
        case .zombie:
            guard let process = await crew.freeze() else { return }
            try await Task.sleep(for: Crew.sessionTimeout + random.milliseconds(1_000...2_500))
            process.signal(SIGCONT)
        case .databaseCrash:
            try await stack.crashDatabase(downFor: random.milliseconds(100...1_500))
        case .cutConnections:
            for _ in 1...30 {
                try await Task.sleep(for: random.milliseconds(5...120))
                _ = try? await stack.ask(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where application_name like 'tally-%'
                    order by query ilike 'commit' desc, random() limit 1
                    """)
            }
        case .rebalance:
            let role = FaultRole.allCases.randomElement(using: &random) ?? .signature
            try await rebalance(role, crew, recovery, random)
        case .readOnly:
            try await makeReadOnly(stack, random)
        case .diskFull:
            try await stack.fillDisk(for: random.milliseconds(500...2_500))
        case .clockStep:
            for hours in [random.int(1...48), -random.int(1...48), 0] {
                try stack.clock.step(seconds: hours * 3_600)
                try await Task.sleep(for: random.milliseconds(1_500...2_500))
            }
        case .brokerFreeze:
            try await stack.freezeBroker(for: random.milliseconds(500...4_000))
        case .brokerCrash:
            try await crashBroker(stack, crew, feed, downFor: random.milliseconds(100...1_500))
        }
    }

    // Nobody sends meanwhile: killed in the middle of a write, the embedded broker acknowledges a
    // repeat of what it hasn't got (docs/decisions/0004-fault-suite.md).
    private func crashBroker(
        _ stack: FaultStack, _ crew: Crew, _ feed: Feed, downFor duration: Duration
    ) async throws {
        try await feed.pause()
        await crew.freezeAll()
        try await stack.crashBroker(downFor: duration)
        await crew.thawAll()
        await feed.goOn()
    }

    // Kills fall into the joining. The leaving waits for a group that is formed: were its leader to
    // leave before, the embedded broker would name it as the leader for ever.
    private func rebalance(
        _ role: FaultRole, _ crew: Crew, _ recovery: RecoveryClock, _ random: FaultRandom
    ) async throws {
        var random = random
        await crew.join(role)
        try await Task.sleep(for: random.milliseconds(6_000...8_000))
        try await eventually("every role works again", within: .seconds(120)) {
            let isQuiet = await crew.isQuiet
            return await recovery.isSettled && isQuiet
        }
        await crew.leave(role)
        try await Task.sleep(for: .seconds(3))
    }

    private func makeReadOnly(_ stack: FaultStack, _ random: FaultRandom) async throws {
        var random = random
        try await stack.insist("alter system set default_transaction_read_only = on")
        try await stack.insist("select pg_reload_conf()")
        try await Task.sleep(for: random.milliseconds(500...2_500))
        try await stack.insist("alter system reset default_transaction_read_only")
        try await stack.insist("select pg_reload_conf()")
    }
}
