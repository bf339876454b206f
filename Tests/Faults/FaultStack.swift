import Embedded
import Foundation
import Logging
import Postgres
import Simulator
import Store
import TestStack
import TestWaiting

let quiet = Logger(label: "faults") { _ in SwiftLogNoOpLogHandler() }

/// A database, a broker and a small business, for faults; `RoleProcesses` runs the roles.
actor FaultStack {
    nonisolated let folder: String
    nonisolated let keys: SampleKeys
    nonisolated let business = SmallBusiness(merchants: 24)
    nonisolated let databaseURL: String
    nonisolated let brokers: String
    private nonisolated let logLevel: String
    /// The wall clock of the roles.
    nonisolated let clock: SteppedClock
    private nonisolated let disk: SmallDisk?
    private var postgres: EmbeddedPostgres
    private var broker: FaultBroker
    // The driver's own connection; gone with each crash of the server, made again when needed.
    private var connection: PostgresConnection?

    /// - Parameter faults: what will be injected.
    static func start(for faults: [Fault], logLevel: String) async throws -> FaultStack {
        let folder = try TemporaryFolder.make("faults")
        do {
            let disk =
                faults.contains(.diskFull)
                ? try await SmallDisk.mount(at: folder + "/postgres") : nil
            async let postgres = EmbeddedPostgres.start(
                dataFolder: folder + "/postgres", logger: quiet)
            let broker = try await FaultBroker.start(
                folder: folder, keeps: faults.contains(.brokerCrash))
            let keys = try await SampleKeys.ensure(folder: folder + "/keys")
            let stack = try await FaultStack(
                folder, postgres, broker, keys, disk, SteppedClock(folder: folder),
                logLevel: logLevel)
            try await stack.prepare()
            return stack
        } catch {
            TemporaryFolder.remove(folder)
            throw error
        }
    }

    private init(
        _ folder: String, _ postgres: EmbeddedPostgres, _ broker: FaultBroker, _ keys: SampleKeys,
        _ disk: SmallDisk?, _ clock: SteppedClock, logLevel: String
    ) async {
        self.logLevel = logLevel
        self.disk = disk
        self.clock = clock
        self.folder = folder
        self.keys = keys
        self.postgres = postgres
        self.broker = broker
        databaseURL = postgres.url
        brokers = await broker.brokers
    }

    /// - Parameter keepsFolder: the processes' logs and the data stay to be looked at.
    func stop(keepsFolder: Bool) async {
        await connection?.close()
        await broker.stop()
        await postgres.stop()
        disk?.unmount()
        if !keepsFolder { TemporaryFolder.remove(folder) }
    }

    /// The settings of every command and role on this stack.
    nonisolated var settings: [String: String] {
        var settings = [
            "TALLY_DATABASE_URL": databaseURL, "TALLY_KAFKA_BROKERS": brokers,
            "TALLY_MASTER_KEY": business.masterKey, "TALLY_LOG_LEVEL": logLevel,
        ]
        // What the Kafka client makes of its group.
        if logLevel == "debug" { settings["TALLY_KAFKA_DEBUG"] = "cgrp" }
        return settings
    }

    private func prepare() async throws {
        let copies = await broker.nodeCount >= 3 ? ["--production"] : []
        for command in [["migrate"], ["topics", "apply"] + copies] {
            let ending = try await TallyProcess.run(command, settings: settings, folder: folder)
            guard ending.status == 0 else { throw DeadlineError(description: ending.errors) }
        }
        let connection = try await connected()
        try await business.add(to: connection)
        _ = try await connection.run(
            SetInstallationFact(name: InstallationFact.faults, value: "on"))
    }

    /// Queries the database, over a new connection where the last one broke.
    @discardableResult
    func query(_ sql: String) async throws -> PostgresResult {
        do {
            return try await connected().execute(sql)
        } catch {
            if connection?.isHealthy != true { connection = nil }
            throw error
        }
    }

    /// The same, until it succeeds: for what must be undone after a fault.
    func queryUntilDone(_ sql: String) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            do {
                try await query(sql)
                return
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// A number that a query returns.
    func count(_ sql: String) async throws -> Int { Int(try await query(sql)[0].int64(0)) }

    /// Stops the server as a power failure does, and starts it again on the same port.
    func crashDatabase(downFor duration: Duration) async throws {
        connection = nil
        await postgres.stop(mode: .immediate)
        guard postgres.pid == nil else {
            throw DeadlineError(description: "the database hasn't ended")
        }
        try await Task.sleep(for: duration)
        try await startDatabase()
    }

    private func startDatabase() async throws {
        connection = nil
        postgres = try await EmbeddedPostgres.start(
            dataFolder: folder + "/postgres", port: postgres.port, logger: quiet)
    }

    /// Leaves the server's disk without room for a while.
    func fillDisk(for duration: Duration) async throws {
        guard let disk else { throw DeadlineError(description: "the database has no own disk") }
        try disk.fill()
        try await Task.sleep(for: duration)
        try disk.free()
        try await eventually("the database takes writes", within: .seconds(120)) {
            @Sendable in try await self.takesWrites()
        }
    }

    // A server that can't write its log ends; where it can, it starts again by itself.
    private func takesWrites() async throws -> Bool {
        if postgres.pid == nil { try await startDatabase() }
        return (try? await query("select txid_current()")) != nil
    }

    /// Freezes the broker for a while: it answers no request.
    func freezeBroker(for duration: Duration) async throws {
        try await broker.freeze(for: duration)
    }

    /// Kills the broker and starts it again on the same port, over the same storage.
    func crashBroker(downFor duration: Duration) async throws {
        try await broker.crash(downFor: duration)
    }

    private func connected() async throws -> PostgresConnection {
        if let connection, connection.isHealthy { return connection }
        // It ends the faults, also the one that makes the server read-only.
        let new = try await PostgresConnection.connect(
            databaseURL + "?target_session_attrs=any", applicationName: "faults", logger: quiet)
        connection = new
        return new
    }
}
