import Hummingbird
public import Postgres
public import ServiceLifecycle
import Store

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
        let readiness = Readiness()
        readiness.addDatabase(pool)
        let metrics = context.metrics
        readiness.add {
            metrics.value(of: "tally_worker_ready") == 0
                ? "broker, database or assigned partitions" : nil
        }
        let router = Router()
        OperationsRoutes(metrics: metrics, readiness: readiness).add(to: router)
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port)),
            logger: context.logger)
        try await application.run()
    }
}

extension Readiness {
    /// Adds the check that a database answers, within a second.
    public func addDatabase(_ pool: PostgresPool) {
        add {
            let answer = await withTaskGroup(of: Bool.self) { group in
                group.addTask { await Self.answers(pool) }
                group.addTask {
                    try? await Task.sleep(for: .seconds(1))
                    return false
                }
                let first = await group.next() ?? false
                group.cancelAll()
                return first
            }
            return answer ? nil : "database"
        }
    }

    private static func answers(_ pool: PostgresPool) async -> Bool {
        do {
            _ = try await pool.withConnection { try await $0.run(DirectoryVersion()) }
            return true
        } catch {
            return false
        }
    }
}
