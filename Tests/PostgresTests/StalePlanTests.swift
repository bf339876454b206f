import Postgres
import TestServices
import Testing

private struct EverythingOf: PostgresStatement {
    static let sql = "select * from t order by x"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 { try row.int32(0) }
}

/// A plan that isn't what the connection prepared is prepared anew.
@Suite struct StalePlanTests {
    private func prepared() async throws -> PostgresConnection {
        let connection = try await freshConnection()
        try await connection.executeScript("create table t (x int); insert into t values (1)")
        #expect(try await connection.run(EverythingOf()) == [1])
        return connection
    }

    @Test(arguments: ["alter table t add column y int", "deallocate all", "discard all"])
    func itIsPreparedAnew(change: String) async throws {
        let connection = try await prepared()
        try await connection.execute(change)
        #expect(try await connection.run(EverythingOf()) == [1])
        #expect(connection.isHealthy)
    }

    @Test(arguments: ["alter table t add column y int", "deallocate all"])
    func inATransactionTheErrorIsTransientAndTheNextTransactionSucceeds(
        change: String
    ) async throws {
        let connection = try await prepared()
        try await connection.execute(change)
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                _ = try await transaction.run(EverythingOf())
            }
        }
        #expect(error?.isTransient == true)
        let rows = try await connection.transaction { try await $0.run(EverythingOf()) }
        #expect(rows == [1])
    }

    @Test func aNameThatAnotherSessionPreparedIsAvoided() async throws {
        let connection = try await freshConnection()
        try await connection.executeScript("create table t (x int); insert into t values (1)")
        try await connection.executeScript("prepare s1 as select 7")
        #expect(try await connection.run(EverythingOf()) == [1])
    }
}
