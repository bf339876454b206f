import Foundation
public import Logging
import Postgres

/// A private PostgreSQL: the installed server on a data folder of its own, as a child process that
/// ends with this one. It listens on 127.0.0.1 and requires the password in that folder.
public final class EmbeddedPostgres: Sendable {
    /// How the server stops.
    public enum StopMode: Sendable {
        /// Open transactions are rolled back and a checkpoint is written.
        case fast
        /// At once, as after a power failure; it recovers when it starts again.
        case immediate
    }

    /// `postgresql://user:password@127.0.0.1:port/database`. Holds the password: not for logs.
    public let url: String
    /// The port it listens on, on 127.0.0.1.
    public let port: UInt16
    private let process: WatchedProcess

    /// Initialises the data folder where needed, starts the server, and returns when it answers.
    /// - Parameters:
    ///   - dataFolder: holds `data/`, `password`, `log` and `pid`; made if missing.
    ///   - port: `nil` chooses a free one.
    ///   - database: created if missing.
    ///   - settings: of `postgresql.conf`, over the standard ones.
    ///   - isTemporary: the folder is deleted when the server ends.
    ///   - logger: logs each attempt.
    public static func start(
        dataFolder: String, port: UInt16? = nil, database: String = "tally",
        settings: [String: String] = [:], isTemporary: Bool = false,
        logger: Logger = Logger(label: "embedded-postgres")
    ) async throws -> EmbeddedPostgres {
        let starter = try PostgresStarter(
            folder: dataFolder, settings: settings, isTemporary: isTemporary, logger: logger)
        let (process, port) = try await starter.start(port: port)
        let url = try await starter.createDatabase(database, port: port)
        return EmbeddedPostgres(url: url, port: port, process: process)
    }

    private init(url: String, port: UInt16, process: WatchedProcess) {
        self.url = url
        self.port = port
        self.process = process
    }

    /// The server's process id; `nil` when it has ended.
    public var pid: Int32? { process.isRunning ? process.pid : nil }

    /// Stops the server and returns when it has ended. Idempotent.
    public func stop(mode: StopMode = .fast) async {
        await process.stop(signal: mode == .fast ? "INT" : "QUIT")
    }

    /// Returns when the server has ended, for whatever reason, with the last lines of its log.
    public func waitForExit() async -> [String] {
        _ = await process.waitForExit()
        return process.logTail()
    }
}
