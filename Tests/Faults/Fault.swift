import ArgumentParser
import Foundation
import TestStack

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
    /// The database answers writes as one whose disk is full does.
    case diskFull
    /// The broker answers nobody, for up to twice a session.
    case brokerFreeze
    /// The broker is killed and comes back with what it had stored.
    case brokerCrash

    /// Whether it keeps every process from working.
    var isOutage: Bool {
        switch self {
        case .zombie, .cutConnections, .rebalance: false
        case .databaseCrash, .readOnly, .diskFull, .brokerFreeze, .brokerCrash: true
        }
    }

    func happen(
        to stack: FaultStack, _ crew: Crew, _ recovery: RecoveryClock, _ dice: FaultDice
    ) async throws {
        var dice = dice
        try await Task.sleep(for: dice.milliseconds(0...800))
        switch self {
        case .zombie:
            guard let process = await crew.freeze() else { return }
            try await Task.sleep(for: Crew.sessionTimeout + dice.milliseconds(1_000...2_500))
            process.signal(SIGCONT)
        case .databaseCrash:
            try await stack.crashDatabase(downFor: dice.milliseconds(100...1_500))
        case .cutConnections:
            for _ in 1...30 {
                try await Task.sleep(for: dice.milliseconds(5...120))
                _ = try? await stack.ask(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where application_name like 'tally-%'
                    order by query ilike 'commit' desc, random() limit 1
                    """)
            }
        case .rebalance:
            let role = FaultRole.allCases.randomElement(using: &dice) ?? .signature
            try await rebalance(role, crew, recovery, dice)
        case .readOnly:
            try await makeReadOnly(stack, dice)
        case .diskFull:
            try await fillDisk(stack, dice)
        case .brokerFreeze:
            try await stack.freezeBroker(for: dice.milliseconds(500...4_000))
        case .brokerCrash:
            try await stack.crashBroker(downFor: dice.milliseconds(100...1_500))
        }
    }

    // Kills fall into the joining. The leaving waits for a group that is formed: were its leader to
    // leave before, the embedded broker would name it as the leader for ever.
    private func rebalance(
        _ role: FaultRole, _ crew: Crew, _ recovery: RecoveryClock, _ dice: FaultDice
    ) async throws {
        var dice = dice
        await crew.join(role)
        try await Task.sleep(for: dice.milliseconds(6_000...8_000))
        try await eventually("every role works again", within: .seconds(120)) {
            let isQuiet = await crew.isQuiet
            return await recovery.isSettled && isQuiet
        }
        await crew.leave(role)
        try await Task.sleep(for: .seconds(3))
    }

    private func makeReadOnly(_ stack: FaultStack, _ dice: FaultDice) async throws {
        var dice = dice
        try await stack.insist("alter system set default_transaction_read_only = on")
        try await stack.insist("select pg_reload_conf()")
        try await Task.sleep(for: dice.milliseconds(500...2_500))
        try await stack.insist("alter system reset default_transaction_read_only")
        try await stack.insist("select pg_reload_conf()")
    }

    // The server's own answer, SQLSTATE 53100, to every batch; the disk itself has room.
    private func fillDisk(_ stack: FaultStack, _ dice: FaultDice) async throws {
        var dice = dice
        try await stack.insist(
            """
            create or replace function full_disk() returns trigger language plpgsql as $$
            begin
                raise exception 'could not extend file: No space left on device'
                    using errcode = 'disk_full';
            end $$
            """)
        try await stack.insist(
            """
            create or replace trigger full_disk before insert on outbox
            for each statement execute function full_disk()
            """)
        try await Task.sleep(for: dice.milliseconds(500...2_500))
        try await stack.insist("drop trigger if exists full_disk on outbox")
    }
}
