import Hummingbird
import HummingbirdCore
public import Payments
public import Postgres
public import ServiceLifecycle
import Store
public import WorkerRuntime

/// The console's composition: pages for the people of the platform, its agents and its merchants,
/// rendered on the server.
public struct Console: Sendable {
    let role: RoleContext
    let pool: PostgresPool
    let limits: ConnectionLimits
    let differenceLimit: Money

    /// - Parameters:
    ///   - pool: of the database whose orders are shown.
    ///   - differenceLimit: a decision on a difference of more than this waits for a second person.
    ///   - limits: of its connections.
    public init(
        role: RoleContext, pool: PostgresPool, differenceLimit: Money,
        limits: ConnectionLimits = ConnectionLimits()
    ) {
        self.role = role
        self.pool = pool
        self.differenceLimit = differenceLimit
        self.limits = limits
    }

    /// The services that make the console, to be run together.
    /// - Parameter servesOperations: whether readiness and metrics are served at its port.
    public func services(
        host: String, port: Int, servesOperations: Bool
    ) throws -> [any Service] {
        let wall = SystemClock()
        let signIn = SignIn(
            pool: pool, sealer: role.sealer, unknown: try PasswordHash(hashing: "no password"),
            now: { wall.now() })
        let router = ConsoleRouter(
            pages: try PageRenderer(), signIn: signIn, pool: pool, clock: role.clock,
            differenceLimit: differenceLimit,
            operations: OperationsRoutes(
                metrics: role.metrics, readiness: role.readiness, isComplete: servesOperations),
            logger: role.logger)
        return [
            Application(
                router: router.router(),
                server: .bounded(limits, name: "console", metrics: role.metrics),
                configuration: .init(address: .hostname(host, port: port), serverName: nil),
                logger: role.logger)
        ]
    }
}
