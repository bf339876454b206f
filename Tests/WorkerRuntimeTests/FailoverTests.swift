import Embedded
import Foundation
import Kafka
import Logging
import Postgres
import Store
import TestWaiting
import Testing

@testable import WorkerRuntime

/// PostgreSQL fails over to a standby: it costs time, never a record.
@Suite(.timeLimit(.minutes(3))) struct FailoverTests {
    @Test func aWorkerFollowsThePromotedStandbyWithoutADeadLetter() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-failover-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let primary = try await EmbeddedPostgres.start(
            dataFolder: folder + "/primary", settings: ["fsync": "off"], logger: quiet)
        let connection = try await PostgresConnection.connect(primary.url, logger: quiet)
        try await Migrator().migrate(connection)
        try await connection.execute(
            "create table effects (place bigint generated always as identity, id text)")
        let standby = try await primary.startStandby(
            dataFolder: folder + "/standby", settings: ["fsync": "off"], logger: quiet)

        // libpq takes the hosts in their order; the standby is first, and refused.
        let hosts = primary.url.replacing(
            "@127.0.0.1:\(primary.port)",
            with: "@127.0.0.1:\(standby.port),127.0.0.1:\(primary.port)")
        let stage = try await Stage.open().on(databaseURL: hosts, connection: connection)
        let role = try stage.role()
        let pool = stage.pool()
        role.readiness.addDatabase(pool, role.schema)
        let loop = try stage.start(stage.worker(), limits: BatchLimits(records: 10), role: role)
        try await stage.write((0..<200).map(String.init))
        try await stage.waitForEffects(200)

        try await stage.write((200..<400).map(String.init))
        await primary.stop(mode: .immediate)
        try await eventually("the role reports its database", within: .seconds(30)) {
            await role.readiness.missing().contains("database")
        }
        let survivor = try await PostgresConnection.connect(
            standby.url + "?target_session_attrs=any", logger: quiet)
        #expect(try await survivor.execute("select pg_is_in_recovery()")[0].bool(0))

        let promoted = ContinuousClock.now
        try await survivor.execute("select pg_promote()")
        try await eventually("the work continues", within: .seconds(60)) {
            try await survivor.execute("select count(*) from effects")[0].int64(0) == 400
        }
        let seconds = (ContinuousClock.now - promoted) / .seconds(1)
        print("failover: seconds_from_promotion_to_the_last_effect=\(seconds)")
        #expect(seconds < 30)
        let values = try await survivor.execute("select id from effects order by place")
            .map { try $0.text(0) }
        #expect(values == (0..<400).map(String.init))
        #expect(
            try await survivor.execute("select count(*) from dead_letters")[0].int64(0) == 0)
        try await eventually("it is ready") { await role.readiness.missing().isEmpty }
        try await loop.stop()
        await pool.close()
        await survivor.close()
        await standby.stop()
    }
}

private let quiet = Logger(label: "failover-tests") { _ in SwiftLogNoOpLogHandler() }
