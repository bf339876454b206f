import Foundation
import Kafka
package import Logging
import Postgres
package import ServiceLifecycle
import Store
import UnixSignals
import WorkerRuntime

/// Runs services until SIGTERM or SIGINT; then each finishes its work in flight.
package enum RoleRunner {
    /// - Parameters:
    ///   - grace: after which services that haven't stopped are cancelled.
    ///   - limit: after which the process is ended; supervisors wait for ten seconds before they
    ///     kill.
    package static func run(
        _ services: [any Service], logger: Logger, grace: Duration = .seconds(6),
        limit: Duration = .seconds(9)
    ) async throws {
        try KafkaLibrary.check()
        let stopLimit = StopLimit(limit: limit / .seconds(1), logger: logger)
        defer { stopLimit.end() }
        var configuration = ServiceGroupConfiguration(
            services: (services + [stopLimit]).map {
                .init(
                    service: NamedService(service: $0), successTerminationBehavior: .ignore,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = grace
        try await ServiceGroup(configuration: configuration).run()
    }
}
