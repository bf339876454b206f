import Logging
import Payments
public import Postgres
public import ServiceLifecycle
import Store
public import WorkerRuntime

/// Shows how long ago the oldest order was accepted that the channel has given no final answer
/// about: what must never grow without end.
public struct UnresolvedAge: Service {
    private let role: RoleContext
    private let pool: PostgresPool

    /// - Parameter pool: where the orders are.
    public init(role: RoleContext, pool: PostgresPool) {
        self.role = role
        self.pool = pool
    }

    /// Looks every fifteen seconds until graceful shutdown.
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
                    "can't look for the oldest unresolved order; trying again",
                    metadata: ["error": "\(error)"])
            }
            // It reads every unresolved order: with very many of them, less often.
            let took = ContinuousClock.now - started
            let pause = max(.seconds(15), took * 20)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }
}
