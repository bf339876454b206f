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

/// The simulator and the conductor of a played day, as one thing that runs and ends.
package struct DayPlayProcess: Sendable {
    package let config: SimulatorConfig
    package let settings: Settings
    package let clock: PlayClock
    package let plan: DayPlan
    /// Shared with roles of this process.
    package let ends: ProducedEnds
    /// The addresses of roles in other processes.
    package let otherRoles: [String]
    package let logger: Logger

    package init(
        config: SimulatorConfig, settings: Settings, clock: PlayClock, plan: DayPlan,
        ends: ProducedEnds, otherRoles: [String], logger: Logger
    ) {
        self.config = config
        self.settings = settings
        self.clock = clock
        self.plan = plan
        self.ends = ends
        self.otherRoles = otherRoles
        self.logger = logger
    }

    package func run() async throws -> PlayReport {
        let simulator = try await Simulator(config: config, clock: clock, logger: logger)
        let pool = PostgresPool(
            url: try settings.requireDatabase(), size: 3, applicationName: "tally-conductor",
            logger: logger)
        let producer = try EventProducer(settings: settings.kafka, ends: ends, logger: logger)
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
            let (ready, signal) = AsyncStream<Void>.makeStream()
            group.addTask {
                try await simulator.run { signal.finish() }
                return nil
            }
            group.addTask {
                for await _ in ready {}
                try await RolesReady(client: client).wait(
                    for: otherRoles + [config.gatewayURL])
                return try await conductor.play(plan)
            }
            defer { group.cancelAll() }
            guard let report = try await group.next() ?? nil else {
                throw SettingError(description: "the simulator stopped before the day was over")
            }
            return report
        }
    }
}

/// Waits until roles say that they are ready.
package struct RolesReady: Sendable {
    private let client: HTTPClient

    package init(client: HTTPClient) { self.client = client }

    private static let limit: Duration = .seconds(60)

    package func wait(for roles: [String], path: String = "/readyz") async throws {
        for role in roles {
            let start = ContinuousClock.now
            while await !isReady(role + path) {
                guard ContinuousClock.now - start < Self.limit else {
                    throw SettingError(description: "\(role) did not get ready; see its log")
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
