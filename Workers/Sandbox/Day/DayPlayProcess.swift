package import AsyncHTTPClient
package import Composition
import Kafka
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Payments
import Postgres
import ServiceLifecycle
package import Simulator
import Store
package import WorkerRuntime

/// The simulator and the conductor of a played day; ends with the day.
package struct DayPlayProcess: Sendable {
    private let config: SimulatorConfig
    private let settings: Settings
    private let clock: PlayClock
    private let plan: DayPlan
    private let ends: ProducedEnds
    private let otherRoles: [String]
    private let logger: Logger
    private let whenPlayed: @Sendable (PlayReport) async throws -> Void

    /// - Parameters:
    ///   - ends: shared with the roles of this process.
    ///   - otherRoles: `http://host:port` of roles in other processes.
    ///   - whenPlayed: called after the day's end, while the simulator still serves.
    package init(
        config: SimulatorConfig, settings: Settings, clock: PlayClock, plan: DayPlan,
        ends: ProducedEnds, otherRoles: [String], logger: Logger,
        whenPlayed: @escaping @Sendable (PlayReport) async throws -> Void = { _ in }
    ) {
        self.config = config
        self.settings = settings
        self.clock = clock
        self.plan = plan
        self.ends = ends
        self.otherRoles = otherRoles
        self.logger = logger
        self.whenPlayed = whenPlayed
    }

    /// Plays the day; returns the responses that merchants and payers got.
    package func run() async throws -> PlayReport {
        let simulator = try await Simulator(config: config, clock: clock, logger: logger)
        let pool = PostgresPool(
            url: try settings.requireDatabase(), size: 3, applicationName: "tally-conductor",
            logger: logger)
        let producer = try EventProducer(
            settings: settings.kafka, ends: ends, limits: ProducerLimits(), logger: logger)
        let client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        let scraped = ScrapedEnds(client: client, roles: otherRoles)
        let ends = ends
        let quiescence = DayQuiescence(pool: pool, clock: clock) {
            try await scraped.all().merging(ends.all) { max($0, $1) }
        }
        let role = RoleContext(
            name: "conductor", clock: clock, databaseURL: settings.databaseURL,
            kafka: settings.kafka, sealer: try settings.sealer(), idlePoll: .milliseconds(10),
            metrics: MetricsRegistry(), ends: ends, logger: logger)
        let conductor = DayConductor(
            simulator: simulator, clock: clock, pool: pool, producer: producer,
            quiescence: quiescence, role: role)
        let outcome = await Result { try await play(simulator, conductor, client) }
        await producer.close()
        await pool.close()
        try? await client.shutdown()
        try? await simulator.shutdown()
        return try outcome.get()
    }

    private func play(
        _ simulator: Simulator, _ conductor: DayConductor, _ client: HTTPClient
    ) async throws -> PlayReport {
        try await withThrowingTaskGroup(of: PlayReport?.self) { group in
            let played = ReportBox()
            let (ready, signal) = AsyncStream<Void>.makeStream()
            group.addTask {
                try await simulator.run { signal.finish() }
                return nil
            }
            group.addTask {
                for await _ in ready {}
                try await RolesReady(client: client).wait(
                    for: otherRoles + [config.gatewayURL])
                let report = try await conductor.play(plan)
                played.value = report
                try await whenPlayed(report)
                return report
            }
            defer { group.cancelAll() }
            // A simulator that is shut down after the day has ended as it should.
            guard let report = try await group.next() ?? nil ?? played.value else {
                throw SettingError(description: "the simulator stopped before the day was over")
            }
            return report
        }
    }
}

/// Waits until roles answer that they are ready, for 60 s a role at most.
package struct RolesReady: Sendable {
    private let client: HTTPClient

    package init(client: HTTPClient) { self.client = client }

    private static let limit: Duration = .seconds(60)

    package func wait(for roles: [String], path: String = "/readyz") async throws {
        for role in roles {
            let start = ContinuousClock.now
            while await !isReady(role + path) {
                guard ContinuousClock.now - start < Self.limit else {
                    throw SettingError(
                        description: "\(role) did not become ready within 60 s; see its log")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func isReady(_ url: String) async -> Bool {
        let request = HTTPClientRequest(url: url)
        let response = try? await client.execute(request, timeout: .seconds(2))
        return response?.status == .ok
    }
}
