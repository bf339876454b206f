import ArgumentParser
import Foundation
import Postgres
import TestStack
import TestWaiting

/// What goes wrong beside the kills.
enum Fault: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// A process is frozen for longer than its session, and continues as if nothing had happened.
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
    /// The broker answers no request, for up to twice a session.
    case brokerFreeze
    /// The broker is killed and comes back with what it had stored.
    case brokerCrash

    /// What it takes that this machine lacks; nil where it can be injected here.
    var missingPrivilege: String? {
        self == .diskFull && !MountNamespace.isPossible
            ? "root and the right to mount" : nil
    }

    /// Whether it keeps every process from working.
    var isOutage: Bool {
        switch self {
        case .zombie, .cutConnections, .rebalance, .clockStep: false
        case .databaseCrash, .readOnly, .diskFull, .brokerFreeze, .brokerCrash: true
        }
    }

    /// Injects it, and ends it again.
    /// - Throws: where it didn't take effect.
    func inject(
        into stack: FaultStack, _ processes: RoleProcesses, _ feed: Feed,
        _ recovery: RecoveryClock, _ random: FaultRandom
    ) async throws {
        var random = random
        try await Task.sleep(for: random.milliseconds(0...800))
        switch self {
        case .zombie:
            let process = try await processes.freeze()
            let frozen = RoleProcesses.sessionTimeout + random.milliseconds(1_000...2_500)
            try await Task.sleep(for: frozen)
            try await processes.thaw(process)
        case .databaseCrash:
            try await stack.crashDatabase(downFor: random.milliseconds(100...1_500))
        case .cutConnections:
            try await cutConnections(of: stack, random)
        case .rebalance:
            let role = FaultRole.allCases.randomElement(using: &random) ?? .signature
            try await rebalance(role, processes, recovery, random)
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
            try await crashBroker(
                stack, processes, feed, downFor: random.milliseconds(100...1_500))
        }
    }

    private func cutConnections(of stack: FaultStack, _ random: FaultRandom) async throws {
        var random = random
        var cut = 0
        for _ in 1...30 {
            try await Task.sleep(for: random.milliseconds(5...120))
            cut += try await stack.query(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where application_name like 'tally-%'
                order by query ilike 'commit' desc, random() limit 1
                """
            ).count
        }
        guard cut > 0 else { throw DeadlineError(description: "no connection was there to cut") }
    }

    // Nothing is sent meanwhile: killed in the middle of a write, the embedded broker acknowledges
    // a repeat of what it hasn't stored (docs/decisions/0004-fault-suite.md).
    private func crashBroker(
        _ stack: FaultStack, _ processes: RoleProcesses, _ feed: Feed, downFor duration: Duration
    ) async throws {
        try await feed.pause()
        await processes.freezeAll()
        try await stack.crashBroker(downFor: duration)
        await processes.thawAll()
        await feed.resume()
    }

    // Kills happen during the join. The leaving process waits for a group that is formed: were its
    // leader to leave before, the embedded broker would name it as the leader for ever.
    private func rebalance(
        _ role: FaultRole, _ processes: RoleProcesses, _ recovery: RecoveryClock,
        _ random: FaultRandom
    ) async throws {
        var random = random
        await processes.join(role)
        try await Task.sleep(for: random.milliseconds(6_000...8_000))
        try await eventually("every role works again", within: .seconds(120)) {
            let isQuiet = await processes.isQuiet
            return await recovery.isSettled && isQuiet
        }
        try await processes.leave(role)
        try await Task.sleep(for: .seconds(3))
    }

    private func makeReadOnly(_ stack: FaultStack, _ random: FaultRandom) async throws {
        var random = random
        try await stack.queryUntilDone("alter system set default_transaction_read_only = on")
        try await stack.queryUntilDone("select pg_reload_conf()")
        try await eventually("the database takes no writes") {
            try await stack.query("show default_transaction_read_only")[0].text(0) == "on"
        }
        try await Task.sleep(for: random.milliseconds(500...2_500))
        try await stack.queryUntilDone("alter system reset default_transaction_read_only")
        try await stack.queryUntilDone("select pg_reload_conf()")
    }
}
