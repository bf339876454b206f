import Composition
package import Logging
import Postgres
import Simulator
import Store
package import WorkerRuntime

/// Chooses a role's clock: the machine's, unless a play clock is named and the database has the
/// play mark of that very file.
package enum RoleClock {
    package static func choose(
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
                    + "doesn't have the play mark of \(file)")
        }
        return try PlayClock(file: file)
    }
}
