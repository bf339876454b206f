import Foundation
import Logging
import Postgres

/// Starts the server on a folder, which may be empty.
struct PostgresStarter: Sendable {
    static let user = "tally"
    /// Covers the recovery after a crash, during which the server doesn't answer.
    private static let readyWithin = Duration.seconds(120)
    private static let pause = Duration.milliseconds(30)

    let folder: String
    private let settings: [String: String]
    private let isTemporary: Bool
    private let logger: Logger
    let programs: PostgresPrograms
    private let account: PostgresAccount
    private let log: ChildLog

    var data: String { folder + "/data" }
    private var passwordFile: String { folder + "/password" }

    init(
        folder: String, settings: [String: String], isTemporary: Bool, logger: Logger
    ) throws {
        self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        self.settings = settings
        self.isTemporary = isTemporary
        self.logger = logger
        programs = try PostgresPrograms.find()
        try Self.makeFolder(self.folder)
        account = try PostgresAccount.choose(for: self.folder)
        log = try ChildLog(path: self.folder + "/log")
    }

    private static func makeFolder(_ folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    /// Creates the data folder and the password, unless they exist.
    private func initialize() async throws {
        let files = FileManager.default
        if files.fileExists(atPath: data + "/PG_VERSION") { return }
        try Self.makeFolder(folder)
        // Left by an interrupted start.
        try? files.removeItem(atPath: data)
        try files.createDirectory(
            atPath: data, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        try account.own(data)
        let password = (0..<4).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        try writePassword(password)
        try await run(
            command(
                [
                    programs.initdb, "--pgdata", data, "--username", Self.user,
                    "--auth", "scram-sha-256", "--pwfile", passwordFile, "--encoding", "UTF8",
                    "--locale", "C", settings["fsync"] == "off" ? "--no-sync" : "--data-checksums",
                ], pidFile: folder + "/initdb.pid"), "initdb")
    }

    /// Writes the file that ``url(_:_:)`` reads.
    func writePassword(_ password: String) throws {
        guard
            FileManager.default.createFile(
                atPath: passwordFile, contents: Data(password.utf8),
                attributes: [.posixPermissions: 0o600])
        else { throw EmbeddedError("can't write \(passwordFile)") }
        try account.own(passwordFile)
    }

    /// Runs a program that fills the data folder; where it fails nothing is left.
    func run(_ command: WatchedProcess.Command, _ name: String) async throws {
        let process = try WatchedProcess.start(command, log: log)
        let code = await process.waitForExit()
        try? FileManager.default.removeItem(atPath: command.pidFile)
        guard code == 0 else {
            try? FileManager.default.removeItem(atPath: data)
            throw EmbeddedError(
                "\(name) failed on \(data) (exit code \(code))", logTail: process.logTail())
        }
    }

    /// Initialises the data where needed and starts the server. Retries while a predecessor still
    /// holds the folder, and where another process took the port.
    func start(port wanted: UInt16?) async throws -> (WatchedProcess, UInt16) {
        let deadline = ContinuousClock.now + .seconds(15)
        while true {
            // At each attempt: a temporary folder is deleted with the server that didn't start.
            try await initialize()
            let port = try wanted ?? LoopbackPort.free()
            var command = command(
                [programs.server, "-D", data]
                    + PostgresSettings.arguments(port: port, overrides: settings),
                pidFile: folder + "/pid")
            if isTemporary { command.folderToRemove = folder }
            let process = try WatchedProcess.start(command, log: log)
            do {
                try await waitUntilReady(process, port)
                return (process, port)
            } catch let error as EmbeddedError {
                let lines = error.logTail.suffix(4).joined()
                let isTransient =
                    lines.contains("lock file") || lines.contains("shared memory block")
                    || lines.contains("could not create any TCP/IP sockets")
                guard isTransient, ContinuousClock.now < deadline else { throw error }
                logger.info("PostgreSQL didn't start; retrying")
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }

    private func waitUntilReady(_ process: WatchedProcess, _ port: UInt16) async throws {
        let url = try ownURL(port)
        let deadline = ContinuousClock.now + Self.readyWithin
        while true {
            let failure: String
            do throws(PostgresError) {
                let connection = try await PostgresConnection.connect(url, logger: logger)
                await connection.close()
                // If it has ended, another server on the port has answered.
                if process.isRunning { return }
                failure = "it ended"
            } catch { failure = "\(error)" }
            guard process.isRunning else {
                throw EmbeddedError(
                    "PostgreSQL ended while starting on \(data)", logTail: process.logTail())
            }
            guard ContinuousClock.now < deadline else {
                await process.stop(signal: "QUIT")
                throw EmbeddedError(
                    "PostgreSQL on \(data) doesn't answer: \(failure)", logTail: process.logTail())
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Creates the database unless it exists; returns its URL.
    func createDatabase(_ name: String, port: UInt16) async throws -> String {
        let connection = try await PostgresConnection.connect(
            ownURL(port), logger: logger)
        var bindings = PostgresBindings()
        bindings.append(name)
        let known = try await connection.execute(
            "select 1 from pg_database where datname = $1", bindings)
        if known.isEmpty {
            let quoted = name.replacingOccurrences(of: "\"", with: "\"\"")
            try await connection.execute("create database \"\(quoted)\"")
        }
        await connection.close()
        return try url(port, name)
    }

    // The server may be a standby.
    private func ownURL(_ port: UInt16) throws -> String {
        try url(port, "postgres") + "?target_session_attrs=any"
    }

    private func url(_ port: UInt16, _ database: String) throws -> String {
        let password = try String(contentsOfFile: passwordFile, encoding: .utf8)
        return "postgresql://\(Self.user):\(password)@127.0.0.1:\(port)/\(database)"
    }

    func command(_ arguments: [String], pidFile: String) -> WatchedProcess.Command {
        .init(
            arguments: account.prefix + arguments,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"],
            stopSignal: "INT", pidFile: pidFile)
    }
}
