import Hummingbird
import HummingbirdCore
public import ServiceLifecycle

/// Serves `/healthz`, `/readyz` and `/metrics` where a role has no API, or at a port of their own.
public struct OperationsServer: Service {
    let context: RoleContext
    let host: String
    let port: Int

    /// - Parameter context: whose metrics and readiness are served.
    public init(context: RoleContext, host: String, port: Int) {
        self.context = context
        self.host = host
        self.port = port
    }

    // Probes and scrapers are few.
    private static let connections = ConnectionLimits(connections: 256, perAddress: 128)

    /// Serves until graceful shutdown.
    public func run() async throws {
        let router = Router()
        OperationsRoutes(metrics: context.metrics, readiness: context.readiness).add(to: router)
        let application = Application(
            router: router,
            server: .bounded(Self.connections, name: "operations", metrics: context.metrics),
            configuration: .init(address: .hostname(host, port: port)),
            logger: context.logger)
        try await application.run()
    }
}
