import Foundation
import Logging
import Payments
import Postgres
import ServiceLifecycle
import Simulator
import Store
import WorkerRuntime

/// One business day on a stack.
struct Demo {
    let stack: Stack
    let seed: UInt64
    let orders: Int
    let day: BusinessDay
    let logger: Logger

    // In a played day no request may give up for want of a fast machine: it would be made again,
    // and the figures would tell of the machine.
    private static let answerWait: Duration = .seconds(30)

    private var clockFile: String { stack.folder + "/play.clock" }

    /// Marks the database as a played one, so that roles take the clock.
    private func makeClock() async throws -> PlayClock {
        let clock = try PlayClock.create(file: clockFile, start: day.start)
        let connection = try await PostgresConnection.connect(stack.postgres.url, logger: logger)
        _ = try await connection.run(
            SetInstallationFact(name: InstallationFact.playClock, value: clockFile))
        await connection.close()
        return clock
    }

    /// All roles, the simulator and the conductor in this process.
    func playInOneProcess() async throws -> PlayReport? {
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
    func playAcrossProcesses() async throws -> PlayReport? {
        _ = try await makeClock()
        let children = ChildRoles()
        defer { children.stop() }
        for role in Role.allCases {
            try children.start(
                role.arguments + ["--play-clock", clockFile],
                settings: stack.settings(role: role, answerWait: Self.answerWait),
                logFile: stack.folder + "/\(role.rawValue).log")
        }
        let others = Role.allCases.map { "http://127.0.0.1:\(stack.ports.port(of: $0))" }
        let simulator = try children.start(
            [
                "simulator", "--folder", stack.simulator.folder, "--gateway",
                stack.simulator.gatewayURL, "--seed", String(seed), "--play-clock", clockFile,
                "--play-day", day.description, "--orders", String(orders), "--watch",
                others.joined(separator: ","),
            ], settings: stack.settings(role: nil), logFile: stack.folder + "/simulator.log")
        await Task.detached { simulator.waitUntilExit() }.value
        guard simulator.terminationStatus == 0 else {
            let log = try? String(contentsOfFile: stack.folder + "/simulator.log", encoding: .utf8)
            throw SettingError(
                description: "the simulator ended with \(simulator.terminationStatus): "
                    + (log?.suffix(2_000) ?? ""))
        }
        return nil
    }

    /// The day's figures and the audit, from the database.
    func result(seconds: Double) async throws -> DayResult {
        let connection = try await PostgresConnection.connect(stack.postgres.url, logger: logger)
        let figures = try await connection.run(DayFigures()).first ?? []
        let now = try PlayClock(file: clockFile).now()
        let breaches = try await AuditCommand.breaches(on: connection, now: now)
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
