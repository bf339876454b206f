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
    /// How long a role may take to stop, in real time.
    private static let grace: Duration = .seconds(20)

    package static func run(_ services: [any Service], logger: Logger) async throws {
        try KafkaLibrary.check()
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: NamedService(service: $0), successTerminationBehavior: .ignore,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = grace
        try await ServiceGroup(configuration: configuration).run()
    }
}
