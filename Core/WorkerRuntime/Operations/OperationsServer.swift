import Hummingbird
public import Postgres
public import ServiceLifecycle

/// The HTTP server of a role without an API: `/healthz`, `/readyz`, `/metrics`.
public struct OperationsServer: Service {
    let context: RoleContext
    let pool: PostgresPool
    let host: String
    let port: Int

    /// - Parameter pool: of the database that must answer for the role to be ready.
    public init(context: RoleContext, pool: PostgresPool, host: String, port: Int) {
        self.context = context
        self.pool = pool
        self.host = host
        self.port = port
    }

    /// Serves until graceful shutdown.
    public func run() async throws {
        context.readiness.addDatabase(pool, context.schema)
        let router = Router()
        OperationsRoutes(metrics: context.metrics, readiness: context.readiness).add(to: router)
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port)),
            logger: context.logger)
        try await application.run()
    }
}
