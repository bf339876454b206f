import Logging
import Payments
public import Postgres
public import ServiceLifecycle
import Store
public import WorkerRuntime

/// Exports the age of the oldest order without a final answer of the channel as a metric; one that
/// keeps growing means that inquiries don't work.
public struct UnresolvedAge: Service {
    private let role: RoleContext
    private let pool: PostgresPool

    /// - Parameter pool: of the database that holds the orders.
    public init(role: RoleContext, pool: PostgresPool) {
        self.role = role
        self.pool = pool
    }

    /// Reads the age every fifteen seconds, less often where that is slow, until graceful shutdown.
    public func run() async throws {
        let age = AgeGauge()
        role.metrics.gauge(
            "tally_orders_oldest_unresolved_seconds",
            help: "Age of the oldest order without a final answer of the channel; 0 where none."
        ) { age.seconds }
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            let started = ContinuousClock.now
            do {
                let now = role.clock.now()
                let oldest = try await pool.withConnection { connection in
                    try await connection.run(OldestUnresolvedOrder()).first ?? nil
                }
                age.record(seconds: oldest.map { (now - $0) / .seconds(1) })
            } catch {
                role.logger.warning(
                    "can't read the oldest unresolved order; retrying",
                    metadata: ["error": "\(error)"])
            }
            // It reads every unresolved order: with very many of them, less often.
            let took = ContinuousClock.now - started
            let pause = max(.seconds(15), took * 20)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }
}
