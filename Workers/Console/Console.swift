import Hummingbird
import HummingbirdCore
public import Postgres
public import ServiceLifecycle
import Store
public import WorkerRuntime

/// The console's composition: pages for the people of the platform, its agents and its merchants,
/// rendered on the server.
public struct Console: Sendable {
    let role: RoleContext
    let pool: PostgresPool

    /// - Parameter pool: of the database whose orders are shown.
    public init(role: RoleContext, pool: PostgresPool) {
        self.role = role
        self.pool = pool
    }

    /// The services that make the console, to be run together.
    public func services(host: String, port: Int) throws -> [any Service] {
        let wall = SystemClock()
        let signIn = SignIn(
            pool: pool, sealer: role.sealer, unknown: try PasswordHash(hashing: "no password"),
            now: { wall.now() })
        let router = ConsoleRouter(
            pages: try PageRenderer(), signIn: signIn, pool: pool, clock: role.clock,
            operations: OperationsRoutes(metrics: role.metrics, readiness: role.readiness),
            logger: role.logger)
        return [
            Application(
                router: router.router(),
                configuration: .init(address: .hostname(host, port: port), serverName: nil),
                logger: role.logger)
        ]
    }
}
