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
    let stack: Stack
    let seed: UInt64
    let orders: Int
    let mishaps: DayMishaps
    let logger: Logger
    /// Prints a line for the command's reader.
    let show: @Sendable (String) -> Void
    let clock: PlayClock
    /// What is played.
    package let plan: DayPlan

    /// Makes the day's clock and marks the database as a played one, so that roles accept the
    /// clock.
    /// - Parameter show: prints a line for the command's reader.
    package init(
        stack: Stack, seed: UInt64, orders: Int, day: BusinessDay, mishaps: DayMishaps = .usual,
        logger: Logger,
        show: @escaping @Sendable (String) -> Void
    ) async throws {
        self.stack = stack
        self.seed = seed
        self.orders = orders
        self.mishaps = mishaps
        self.logger = logger
        self.show = show
        clock = try PlayClock.create(file: stack.folder + "/play.clock", start: day.start)
        plan = DayPlan.make(
            seed: seed, submissions: orders, day: day, parties: stack.parties, mishaps: mishaps)
        try await mark(InstallationFact.playClock, clock.file)
    }

    // Longer than any request takes on a slow machine: a request that expired would be sent again
    // and change the figures.
    static let answerWait: Duration = .seconds(30)

    /// The progress of the day while it is played.
    package var watch: DayWatch {
        DayWatch(
            databaseURL: stack.postgres.url, clock: clock, plan: plan,
            end: DayConductor.end(of: plan), logger: logger)
    }

    /// On a heavy day late payments are refunded.
    func settings(of role: Role) -> [String: String] {
        var settings = stack.settings(role: role, answerWait: Self.answerWait)
        if mishaps == .heavy { settings["TALLY_LATE_PAYMENTS"] = LatePaymentRule.refund.rawValue }
        return settings
    }

    func mark(_ name: String, _ value: String) async throws {
        let connection = try await PostgresConnection.connect(stack.postgres.url, logger: logger)
        _ = try await connection.run(SetInstallationFact(name: name, value: value))
        await connection.close()
    }

    /// All roles, the simulator and the conductor in this process.
    /// - Parameter whenPlayed: called after the day's end, while everything still runs; the stack
    ///   stops once it returns.
    package func playInOneProcess(
        whenPlayed: @escaping @Sendable (PlayReport) async throws -> Void = { _ in }
    ) async throws -> PlayReport? {
        let ends = ProducedEnds()
        var services: [any Service] = []
        for role in Role.allCases {
            let settings = try await Settings.load(
                file: nil, environment: settings(of: role))
            let builder = RoleBuilder(
                settings: settings, clock: clock, idlePoll: .milliseconds(20), ends: ends)
            services += try await builder.services(of: role, port: stack.ports.port(of: role))
        }
        let play = DayPlayProcess(
            config: stack.simulator,
            settings: try await Settings.load(file: nil, environment: stack.settings(role: nil)),
            clock: clock, plan: plan, ends: ends, otherRoles: [], logger: logger,
            whenPlayed: whenPlayed)
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

    /// The day's figures, the audit and the summary, from the database.
    package func result(seconds: Double) async throws -> (DayResult, DaySummary) {
        let connection = try await PostgresConnection.connect(stack.postgres.url, logger: logger)
        let figures = try await connection.run(DayFigures()).first ?? []
        let breaches = try await Audit.breaches(on: connection, now: clock.now())
        let summary = try await DaySummary.read(plan, on: connection)
        await connection.close()
        let result = DayResult(
            names: DayFigures.names, figures: figures, breaches: breaches, seconds: seconds)
        return (result, summary)
    }
}

/// The played day as a service that ends with the day.
private struct PlayService: Service {
    let play: DayPlayProcess
    let report: ReportBox

    func run() async throws { report.value = try await play.run() }
}
