import Composition
import Embedded
import Foundation
package import Logging
package import Payments
import Postgres
import ServiceLifecycle
package import Simulator
import Store
import UnixSignals
import WorkerRuntime

/// One business day on a stack.
package struct Demo {
    package let stack: Stack
    package let seed: UInt64
    package let orders: Int
    package let day: BusinessDay
    package let logger: Logger
    // Where the command's reader is shown what happens meanwhile.
    private let show: @Sendable (String) -> Void

    /// - Parameter show: prints a line for the command's reader.
    package init(
        stack: Stack, seed: UInt64, orders: Int, day: BusinessDay, logger: Logger,
        show: @escaping @Sendable (String) -> Void
    ) {
        self.stack = stack
        self.seed = seed
        self.orders = orders
        self.day = day
        self.logger = logger
        self.show = show
    }

    // In a played day no request may give up for want of a fast machine: it would be made again,
    // and the figures would tell of the machine.
    private static let answerWait: Duration = .seconds(30)

    private var clockFile: String { stack.folder + "/play.clock" }

    /// Marks the database as a played one, so that roles take the clock.
    private func makeClock() async throws -> PlayClock {
        let clock = try PlayClock.create(file: clockFile, start: day.start)
        try await mark(InstallationFact.playClock, clockFile)
        return clock
    }

    private func mark(_ name: String, _ value: String) async throws {
        let connection = try await PostgresConnection.connect(stack.postgres.url, logger: logger)
        _ = try await connection.run(SetInstallationFact(name: name, value: value))
        await connection.close()
    }

    /// All roles, the simulator and the conductor in this process.
    package func playInOneProcess() async throws -> PlayReport? {
        let clock = try await makeClock()
        let ends = ProducedEnds()
        var services: [any Service] = []
        for role in Role.allCases {
            let settings = try await Settings.load(
                file: nil, environment: stack.settings(role: role, answerWait: Self.answerWait))
            let builder = RoleBuilder(
                settings: settings, clock: clock, idlePoll: .milliseconds(20), ends: ends)
            services += try await builder.services(of: role, port: stack.ports.port(of: role))
        }
        let play = DayPlayProcess(
            config: stack.simulator,
            settings: try await Settings.load(file: nil, environment: stack.settings(role: nil)),
            clock: clock, plan: plan, ends: ends, otherRoles: [], logger: logger)
        let report = ReportBox()
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: NamedService(service: $0)) } + [
                    .init(
                        service: NamedService(service: PlayService(play: play, report: report)),
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        return report.value
    }

    /// Every role, and the simulator with the conductor, in a process of its own.
    /// - Parameter kills: how many times a role is killed and started again meanwhile. A gateway
    ///   isn't: whom it was about to answer would ask again, and be counted twice where refused.
    package func playAcrossProcesses(kills: Int) async throws -> PlayReport? {
        _ = try await makeClock()
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
                role.arguments + ["--play-clock", clockFile],
                settings: childSettings(role, isToDie: kills > 0),
                logFile: stack.folder + "/\(role.rawValue).log")
        }
        let killer = RoleKiller(
            children: children,
            victims: Role.allCases.indices.filter { Role.allCases[$0] != .gateway },
            // A day's statement is leased for five minutes.
            doomable: Set(Role.allCases.indices.filter { Role.allCases[$0] != .statements }),
            count: kills, seed: seed)
        let others = Role.allCases.map { "http://127.0.0.1:\(stack.ports.port(of: $0))" }
        let simulator = try await children.start(
            [
                "simulator", "--folder", stack.simulator.folder, "--gateway",
                stack.simulator.gatewayURL, "--seed", String(seed), "--play-clock", clockFile,
                "--play-day", day.description, "--orders", String(orders), "--watch",
                others.joined(separator: ","),
            ], settings: stack.settings(role: nil), logFile: stack.folder + "/simulator.log")
        let killing = Task { try await killer.run() }
        let status = await simulator.waitForExit()
        killing.cancel()
        let killed = try await killing.value
        if kills > 0 {
            let deaths = killed.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            show("killed:" + deaths.joined())
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

    // The broker gives what a dead process was reading to its successor once it misses the dead.
    private func childSettings(_ role: Role, isToDie: Bool) -> [String: String] {
        var settings = stack.settings(role: role, answerWait: Self.answerWait)
        if isToDie {
            settings["TALLY_KAFKA_SESSION_TIMEOUT_MS"] = "3000"
            settings["TALLY_KAFKA_HEARTBEAT_INTERVAL_MS"] = "600"
        }
        return settings
    }

    /// The day's figures and the audit, from the database.
    package func result(seconds: Double) async throws -> DayResult {
        let connection = try await PostgresConnection.connect(stack.postgres.url, logger: logger)
        let figures = try await connection.run(DayFigures()).first ?? []
        let now = try PlayClock(file: clockFile).now()
        let breaches = try await Audit.breaches(on: connection, now: now)
        await connection.close()
        return DayResult(
            names: DayFigures.names, figures: figures, breaches: breaches, seconds: seconds)
    }

    private var plan: DayPlan {
        DayPlan.make(seed: seed, submissions: orders, day: day, parties: stack.parties)
    }
}

/// The played day as a service that ends when the day does.
private struct PlayService: Service {
    let play: DayPlayProcess
    let report: ReportBox

    func run() async throws { report.value = try await play.run() }
}
