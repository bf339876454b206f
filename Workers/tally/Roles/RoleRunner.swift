import Foundation
import Kafka
import Logging
import Postgres
import ServiceLifecycle
import Store
import WorkerRuntime

/// Runs services until SIGTERM or SIGINT; then each finishes what it has in hand.
enum RoleRunner {
    /// How long a role may take to stop, in real time.
    static let grace: Duration = .seconds(20)

    static func run(_ services: [any Service], logger: Logger) async throws {
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

/// Which clock a role takes: the machine's, unless the database was made for a played day and names
/// the very file that is handed in.
enum RoleClock {
    static func choose(
        playClock file: String?, databaseURL: String, logger: Logger
    ) async throws -> any BusinessClock {
        guard let file else { return SystemClock() }
        let connection = try await PostgresConnection.connect(databaseURL, logger: logger)
        let mark = try await connection.run(
            InstallationFact(name: InstallationFact.playClock)
        ).first
        await connection.close()
        guard mark == file else {
            throw SettingError(
                description: "--play-clock is only for a database that `tally demo` made: this one "
                    + "doesn't carry the play mark of \(file)")
        }
        return try PlayClock(file: file)
    }
}
