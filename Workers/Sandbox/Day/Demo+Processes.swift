import Composition
import Embedded
import Foundation
import Payments
package import Simulator
import Store

extension Demo {
    /// Every role, and the simulator with the conductor, in a process of its own.
    /// - Parameter kills: how many times a role is killed and restarted meanwhile. The gateway
    ///   isn't:
    ///   a client whose response was lost would send its request again, and a refused one would be
    ///   counted twice.
    package func playAcrossProcesses(kills: Int) async throws -> PlayReport? {
        if kills > 0 { try await mark(InstallationFact.faults, "on") }
        let children = ChildRoles()
        let outcome = await Result { try await play(children, kills: kills) }
        await children.stop()
        try outcome.get()
        return nil
    }

    private func play(_ children: ChildRoles, kills: Int) async throws {
        for role in Role.allCases {
            try await children.start(
                role.arguments + ["--play-clock", clock.file],
                settings: childSettings(role, hasKills: kills > 0),
                logFile: stack.folder + "/\(role.rawValue).log")
        }
        let killer = RoleKiller(
            children: children,
            victims: Role.allCases.indices.filter { Role.allCases[$0] != .gateway },
            // A day's statement is leased for five minutes.
            crashable: Set(Role.allCases.indices.filter { Role.allCases[$0] != .statements }),
            count: kills, seed: seed)
        let others = Role.allCases.map { "http://127.0.0.1:\(stack.ports.port(of: $0))" }
        let simulator = try await children.start(
            [
                "simulator", "--folder", stack.simulator.folder, "--gateway",
                stack.simulator.gatewayURL, "--seed", String(seed), "--play-clock", clock.file,
                "--play-day", plan.day.description, "--orders", String(orders), "--mishaps",
                mishaps.rawValue, "--watch", others.joined(separator: ","),
            ], settings: stack.settings(role: nil), logFile: stack.folder + "/simulator.log")
        let killing = Task { try await killer.run() }
        let status = await simulator.waitForExit()
        killing.cancel()
        let killed = try await killing.value
        if kills > 0 {
            let places = killed.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            show("killed:" + places.joined())
        }
        let happened = killed.values.reduce(0, +)
        guard status == 0 else {
            let log = try? String(contentsOfFile: stack.folder + "/simulator.log", encoding: .utf8)
            throw SettingError(
                description: "the simulator ended with \(status): "
                    + (log?.suffix(2_000) ?? ""))
        }
        guard happened == kills else {
            throw SettingError(
                description: "\(happened) of \(kills) kills happened before the day was over: "
                    + "use more --orders or fewer --kills")
        }
    }

    // A killed member's partitions are reassigned when its session times out.
    private func childSettings(_ role: Role, hasKills: Bool) -> [String: String] {
        var settings = settings(of: role)
        if hasKills {
            settings["TALLY_KAFKA_SESSION_TIMEOUT_MS"] = "3000"
            settings["TALLY_KAFKA_HEARTBEAT_INTERVAL_MS"] = "600"
        }
        return settings
    }
}
