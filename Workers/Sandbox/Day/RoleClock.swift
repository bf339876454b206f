import Composition
package import Logging
import Postgres
import Simulator
import Store
package import WorkerRuntime

/// Which clock a role takes: the machine's, unless the database was made for a played day and names
/// the very file that is handed in.
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
                    + "doesn't carry the play mark of \(file)")
        }
        return try PlayClock(file: file)
    }
}
