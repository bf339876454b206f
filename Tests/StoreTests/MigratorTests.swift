import Logging
import Postgres
import Store
import TestServices
import Testing

@Suite(.timeLimit(.minutes(2))) struct MigratorTests {
    private func empty() async throws -> PostgresConnection {
        try await PostgresConnection.connect(TestServices.shared.freshDatabase(), logger: quiet)
    }

    @Test func everyMigrationIsAppliedOnce() async throws {
        let connection = try await empty()
        let migrator = try Migrator()
        let names = migrator.migrations.map(\.name)
        #expect(names.count >= 5)
        #expect(names == names.sorted())
        #expect(try await migrator.pending(on: connection).map(\.name) == names)
        #expect(try await migrator.migrate(connection) == names)
        #expect(try await migrator.pending(on: connection) == [])
        #expect(try await migrator.migrate(connection) == [])
        #expect(
            try await connection.texts("select name from schema_migrations order by 1") == names)
    }

    @Test func twoMigratorsAtOnceApplyEachMigrationOnce() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let applied: [String] = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let connection = try await PostgresConnection.connect(url, logger: quiet)
                    return try await Migrator().migrate(connection)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == (try Migrator().migrations.map(\.name)))
    }

    @Test func anEditedMigrationIsRefused() async throws {
        let connection = try await migratedConnection()
        try await connection.execute(
            "update schema_migrations set checksum = 'x' where name like '0002%'")
        let error = await #expect(throws: MigrationError.self) {
            try await Migrator().migrate(connection)
        }
        #expect(error?.description.contains("0002_parties was edited") == true)
        // The lock is free again.
        #expect(
            try await connection.number(
                "select count(*) from pg_locks where locktype = 'advisory' "
                    + "and database = (select oid from pg_database "
                    + "where datname = current_database())") == 0)
    }

    @Test func theStateNamesBothVersionsAndTheCure() async throws {
        let connection = try await empty()
        let migrator = try Migrator()
        let last = try #require(migrator.migrations.last?.name)
        #expect(
            try await migrator.state(on: connection).problem
                == "the database has no schema, this build has \(last): run tally migrate")
        try await migrator.migrate(connection)
        #expect(try await migrator.state(on: connection) == .current)
        try await connection.execute("delete from schema_migrations where name > '0004'")
        #expect(
            try await migrator.state(on: connection).problem
                == "the database has 0003_orders, this build has \(last): run tally migrate")
        try await connection.execute(
            "insert into schema_migrations (name, checksum) values ('9999_future', 'x')")
        #expect(
            try await migrator.state(on: connection).problem
                == "the database has 9999_future, this build has \(last): run the newer build")
    }

    @Test func aDatabaseOfANewerBuildIsRefused() async throws {
        let connection = try await migratedConnection()
        try await connection.execute(
            "insert into schema_migrations (name, checksum) values ('9999_future', 'x')")
        let error = await #expect(throws: MigrationError.self) {
            try await Migrator().migrate(connection)
        }
        #expect(error?.description.contains("9999_future") == true)
        #expect(error?.description.contains("newer build") == true)
    }
}
