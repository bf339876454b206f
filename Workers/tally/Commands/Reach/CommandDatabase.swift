import Composition
import Foundation
import Logging
import Postgres

/// The database of a command: connected within seconds, or an error that says which database, why
/// and what to do.
enum CommandDatabase {
    /// How long a command waits for the server to accept it; libpq rounds it up to whole seconds,
    /// two at least.
    @TaskLocal static var limit: Duration = .seconds(5)

    /// Connects with the settings' URL.
    /// - Parameter name: the command, for `pg_stat_activity`.
    /// - Throws: `SettingError` where no URL is set, `CommandError` where the server doesn't
    ///   accept.
    static func connect(_ settings: Settings, name: String) async throws -> PostgresConnection {
        let url = try settings.requireDatabase()
        do throws(PostgresError) {
            return try await PostgresConnection.connect(
                limited(url), applicationName: "tally-\(name)",
                logger: Logger(label: "tally.\(name)"))
        } catch {
            throw unavailable(url, error)
        }
    }

    /// Runs `body` in a transaction of a connection that is closed at the end.
    static func transaction<Value: Sendable>(
        _ settings: Settings, name: String, _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let connection = try await connect(settings, name: name)
        do {
            let value = try await connection.transaction { try await body($0) }
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Throws unless the database accepts a connection.
    static func check(_ settings: Settings, name: String) async throws {
        await (try connect(settings, name: name)).close()
    }

    /// The error of a command whose database can't be used, on one line.
    static func unavailable(_ url: String, _ error: any Error) -> CommandError {
        // libpq's texts go over several lines, and a malformed URL is quoted with its password.
        let reason = "\(error)".replacing(url, with: "TALLY_DATABASE_URL")
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return CommandError(
            "the database at \(address(of: url)) is unavailable: \(reason). Check that PostgreSQL "
                + "runs there and that TALLY_DATABASE_URL is right")
    }

    /// The URL with a connect timeout, unless it holds one.
    private static func limited(_ url: String) -> String {
        guard !url.contains("connect_timeout") else { return url }
        let seconds = max(2, Int((limit / .seconds(1)).rounded(.up)))
        let setting = "connect_timeout=\(seconds)"
        guard url.contains("://") else { return "\(url) \(setting)" }
        return url + (url.contains("?") ? "&" : "?") + setting
    }

    /// `host:port/database`, without user and password.
    static func address(of url: String) -> String {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else {
            return "TALLY_DATABASE_URL"
        }
        return host + (parts.port.map { ":\($0)" } ?? "") + parts.path
    }
}
