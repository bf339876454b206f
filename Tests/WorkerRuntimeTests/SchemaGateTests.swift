import Foundation
import Logging
import Postgres
import Store
import TestServices
import TestWaiting
import Testing

@testable import WorkerRuntime

/// A role works only on the schema of its build, and no record is blamed for another one.
@Suite(.timeLimit(.minutes(2))) struct SchemaGateTests {
    private static let future =
        "insert into schema_migrations (name, checksum) values ('9999_future', 'x')"

    @Test func aRoleWaitsForItsSchemaAndSaysTheCure() async throws {
        let stage = try await Stage.open()
        try await stage.connection.execute("delete from schema_migrations where name > '0004'")
        try await stage.write(["1"])
        let role = try stage.role()
        let last = try #require(try Migrator().migrations.last?.name)
        let loop = try stage.start(stage.worker(), role: role)
        try await eventually("the gate knows") { role.schema.problem != nil }
        #expect(
            role.schema.problem
                == "the database has 0003_orders, this build has \(last): run tally migrate")
        #expect(try await stage.effects() == [])
        for migration in try Migrator().migrations where migration.name > "0004" {
            try await stage.connection.execute(
                "insert into schema_migrations (name, checksum) "
                    + "values ('\(migration.name)', '\(migration.checksum)')")
        }
        try await stage.waitForEffects(1)
        #expect(role.schema.problem == nil)
        try await loop.stop()
    }

    @Test func aRoleOfAnOlderBuildDoesNotStart() async throws {
        let stage = try await Stage.open()
        try await stage.connection.execute(Self.future)
        try await stage.write(["1"])
        let role = try stage.role()
        let loop = try stage.start(stage.worker(), role: role)
        try await eventually("the gate knows") {
            role.schema.problem?.contains("9999_future") == true
                && role.schema.problem?.hasSuffix("run the newer build") == true
        }
        #expect(try await stage.effects() == [])
        #expect(try await loop.stop() < .seconds(5))
    }

    @Test func aRoleThatWorksContinuesWhileANewerBuildMigrates() async throws {
        let stage = try await Stage.open()
        try await stage.write(["1"])
        let role = try stage.role()
        let loop = try stage.start(stage.worker(), role: role)
        try await stage.waitForEffects(1)
        try await stage.connection.execute(Self.future)
        try await stage.write(["2"])
        try await stage.waitForEffects(2)
        // As `/readyz` does.
        let pool = stage.pool()
        let found = try? await role.schema.check(pool)
        await pool.close()
        #expect(found?.problem != nil)
        #expect(role.schema.isOpen)
        try await loop.stop()
    }

    /// What a newer build's migration does to an older build that still runs.
    @Test(arguments: [
        "delete from effects; alter table effects add column due text not null",
        "alter table effects rename id to number",
        "alter table effects add check (length(id) < 1) not valid",
        "drop table effects",
    ])
    func noRecordBecomesADeadLetterOnANewerSchema(change: String) async throws {
        let stage = try await Stage.open()
        try await stage.write(["1"])
        let role = try stage.role()
        let loop = try stage.start(stage.worker(), role: role)
        try await stage.waitForEffects(1)
        try await stage.connection.executeScript(Self.future + ";" + change)
        try await stage.write(["2", "3"])
        try await eventually("the worker reports it", within: .seconds(30)) {
            await role.readiness.missing().contains { $0.hasPrefix("database: ") }
        }
        try await eventually("the gate closes") { !role.schema.isOpen }
        #expect(try await stage.number("select count(*) from dead_letters") == 0)
        #expect(try await loop.stop() < .seconds(5))
    }

    @Test func aMissingTableOrRightIsWaitedForAndShown() async throws {
        let stage = try await Stage.open()
        try await stage.write(["1"])
        try await stage.connection.execute("alter table effects rename to hidden")
        let role = try stage.role()
        let loop = try stage.start(stage.worker(), role: role)
        try await eventually("readiness names it", within: .seconds(30)) {
            await role.readiness.missing().contains { $0.contains("42P01") }
        }
        try await stage.connection.execute("alter table hidden rename to effects")
        try await stage.waitForEffects(1)
        try await eventually("it is ready") { await role.readiness.missing().isEmpty }
        #expect(try await stage.number("select count(*) from dead_letters") == 0)
        try await loop.stop()
    }

    @Test func aWrongMasterKeyIsWaitedForAndShown() async throws {
        let stage = try await Stage.open()
        let role = try stage.role()
        let isRight = Signal()
        let worker = stage.worker(onApply: { _, _ in
            // The first attempts have the wrong key.
            if await !isRight.isSet { _ = try role.sealer.open([1, 2, 3], context: "a key of M1") }
        })
        try await stage.write(["1", "2"])
        let loop = try stage.start(worker, role: role)
        try await eventually("readiness names it", within: .seconds(30)) {
            await role.readiness.missing().contains {
                $0.hasPrefix("master key: ") && $0.contains("TALLY_MASTER_KEY")
            }
        }
        await isRight.set()
        try await stage.waitForEffects(2)
        try await eventually("it is ready") { await role.readiness.missing().isEmpty }
        #expect(try await stage.number("select count(*) from dead_letters") == 0)
        try await loop.stop()
    }

    @Test func readinessNamesEachThingThatIsMissing() async throws {
        let stage = try await Stage.open()
        let role = try stage.role()
        let pool = stage.pool()
        role.readiness.addDatabase(pool, role.schema)
        let metrics = WorkerMetrics(
            worker: "w", registry: role.metrics, readiness: role.readiness)
        #expect(await role.readiness.missing() == [])
        metrics.isBrokerUnavailable = true
        metrics.awaitsPartitions = true
        metrics.recordObstacle(
            #expect(throws: SealerError.self) { try role.sealer.open([1], context: "c") }
                ?? CancellationError())
        let missing = await role.readiness.missing()
        #expect(missing.map { $0.prefix(10) } == ["broker", "master key", "partitions"])
        await pool.close()
    }

    @Test func anUnavailableDatabaseIsNamed() async throws {
        let role = try await Stage.open().role()
        let nowhere = PostgresPool(
            url: "postgresql://x@127.0.0.1:1/x", size: 1, logger: role.logger)
        role.readiness.addDatabase(nowhere, role.schema)
        #expect(await role.readiness.missing() == ["database"])
        await nowhere.close()
    }
}
