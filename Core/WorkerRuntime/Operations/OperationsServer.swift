import Hummingbird
import Postgres
import ServiceLifecycle
import Store

/// The HTTP server of a role that has no other: `/healthz`, `/readyz`, `/metrics`.
public struct OperationsServer: Service {
    let context: RoleContext
    let pool: PostgresPool
    let host: String
    let port: Int

    /// - Parameter pool: whose database must answer for the role to be ready.
    public init(context: RoleContext, pool: PostgresPool, host: String, port: Int) {
        self.context = context
        self.pool = pool
        self.host = host
        self.port = port
    }

    /// Serves until graceful shutdown.
    public func run() async throws {
        let readiness = Readiness()
        readiness.addDatabase(pool)
        let metrics = context.metrics
        readiness.add { metrics.value(of: "tally_worker_ready") == 0 ? "broker or database" : nil }
        let router = Router()
        OperationsRoutes(metrics: metrics, readiness: readiness).add(to: router)
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port)),
            logger: context.logger)
        try await application.run()
    }
}

extension Readiness {
    /// Adds the check that a database answers.
    public func addDatabase(_ pool: PostgresPool) {
        add {
            do {
                _ = try await pool.withConnection { try await $0.run(DirectoryVersion()) }
                return nil
            } catch {
                return "database"
            }
        }
    }
}
