public import Logging

extension EmbeddedPostgres {
    /// Starts a hot standby: a copy of this server that follows it, and takes no writes until
    /// `pg_promote()`.
    /// - Parameters: as of ``start(dataFolder:port:database:settings:isTemporary:logger:)``; the
    ///   folder must be empty.
    public func startStandby(
        dataFolder: String, database: String = "tally", settings: [String: String] = [:],
        isTemporary: Bool = false, logger: Logger = Logger(label: "embedded-postgres")
    ) async throws -> EmbeddedPostgres {
        let starter = try PostgresStarter(
            folder: dataFolder, settings: settings, isTemporary: isTemporary, logger: logger)
        try await starter.copy(serverAt: port, password: password)
        return try await Self.start(
            dataFolder: dataFolder, database: database, settings: settings,
            isTemporary: isTemporary, logger: logger)
    }

    // The URL is this class's own: user:password@host.
    private var password: String {
        let afterUser = url.split(separator: ":", maxSplits: 2).last ?? ""
        return String(afterUser.prefix { $0 != "@" })
    }
}

extension PostgresStarter {
    /// Fills the empty folder with a copy of a running server that will follow it.
    fileprivate func copy(serverAt port: UInt16, password: String) async throws {
        try writePassword(password)
        var command = command(
            [
                programs.baseBackup, "--pgdata", data, "--host", "127.0.0.1", "--port", "\(port)",
                "--username", Self.user, "--no-password", "--write-recovery-conf",
                "--wal-method", "stream", "--checkpoint", "fast", "--no-sync",
            ], pidFile: folder + "/copy.pid")
        command.environment["PGPASSWORD"] = password
        try await run(command, "pg_basebackup")
    }
}
