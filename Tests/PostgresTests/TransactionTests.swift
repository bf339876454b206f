import Postgres
import TestServices
import Testing

private struct Refusal: Error, Equatable {
    var reason: String
}

@Suite struct TransactionTests {
    private func prepared() async throws -> PostgresConnection {
        let connection = try await freshConnection()
        try await connection.executeScript(
            """
            create table t (x int primary key);
            create table child (x int references t deferrable initially deferred);
            """)
        return connection
    }

    @Test func commitsAndReturnsTheBodysValue() async throws {
        let connection = try await prepared()
        let value = try await connection.transaction { transaction in
            try await transaction.execute("insert into t values (1)")
            return "done"
        }
        #expect(value == "done")
        #expect(try await count(connection, "t") == 1)
    }

    @Test func workAfterASavepointIsRolledBackAlone() async throws {
        let connection = try await prepared()
        try await connection.transaction { transaction in
            try await transaction.execute("insert into t values (1)")
            await #expect(throws: PostgresError.self) {
                try await transaction.savepoint {
                    try await transaction.execute("insert into t values (2)")
                    try await transaction.execute("select 1/0")
                }
            }
            await #expect(throws: Refusal.self) {
                try await transaction.savepoint {
                    try await transaction.execute("insert into t values (3)")
                    throw Refusal(reason: "not today")
                }
            }
            try await transaction.savepoint {
                try await transaction.execute("insert into t values (4)")
            }
        }
        let kept = try await connection.execute("select x from t order by x")
        #expect(try kept.map { try $0.int32(0) } == [1, 4])
    }

    @Test func rollsBackAndThrowsWhatTheBodyThrew() async throws {
        let connection = try await prepared()
        let thrown = await #expect(throws: Refusal.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into t values (1)")
                throw Refusal(reason: "not today")
            }
        }
        #expect(thrown == Refusal(reason: "not today"))
        #expect(try await count(connection, "t") == 0)
    }

    @Test func aSwallowedFailureFailsTheTransaction() async throws {
        let connection = try await prepared()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into t values (1)")
                _ = try? await transaction.execute("insert into t values (1)")
            }
        }
        #expect(error?.isUniqueViolation == true)
        #expect(try await count(connection, "t") == 0)
        #expect(connection.isHealthy)
    }

    @Test func aRefusedCommitKeepsNothing() async throws {
        let connection = try await prepared()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into child values (5)")
            }
        }
        #expect(error?.sqlState == "23503")
        #expect(try await count(connection, "child") == 0)
    }

    /// A deferred trigger ends the server process during COMMIT: the client can't know whether it
    /// was completed.
    @Test func aLostResponseToCommitIsAnUnknownOutcome() async throws {
        let connection = try await prepared()
        try await connection.executeScript(
            """
            create function die() returns trigger language plpgsql as
            $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create constraint trigger die after insert on t
                deferrable initially deferred for each row execute function die();
            """)
        let error = await #expect(throws: PostgresTransactionError.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into t values (1)")
            }
        }
        #expect(error?.isOutcomeUnknown == true)
        #expect(error?.isTransientPostgresFailure == true)
        #expect(error?.commit != nil)
        #expect(!connection.isHealthy)
    }

    @Test func aConnectionLostWithinTheBodyIsTransientAndRolledBack() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let connection = try await PostgresConnection.connect(url, logger: quiet)
        let admin = try await PostgresConnection.connect(url, logger: quiet)
        try await admin.execute("create table t (x int)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into t values (1)")
                let row = try await transaction.execute("select pg_backend_pid()")[0]
                try await terminate(row.int32(0), through: admin)
                try await transaction.execute("insert into t values (2)")
            }
        }
        #expect(error?.isTransient == true)
        #expect(!connection.isHealthy)
        #expect(try await count(admin, "t") == 0)
        // Later uses say why, and that it may pass.
        let later = await #expect(throws: PostgresError.self) {
            try await connection.execute("select 1")
        }
        #expect(later?.isTransient == true)
    }

    @Test func bothErrorsAreKeptWhenRollbackFailsToo() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let connection = try await PostgresConnection.connect(url, logger: quiet)
        let admin = try await PostgresConnection.connect(url, logger: quiet)
        let error = await #expect(throws: PostgresTransactionError.self) {
            try await connection.transaction { transaction in
                let row = try await transaction.execute("select pg_backend_pid()")[0]
                try await terminate(row.int32(0), through: admin)
                throw Refusal(reason: "mine")
            }
        }
        #expect(error?.body as? Refusal == Refusal(reason: "mine"))
        #expect(error?.rollback != nil)
        #expect(error?.outcome == .rolledBack)
    }

    @Test func onlyTheTransactionMayUseTheConnectionAndOnlyWhileItIsOpen() async throws {
        let connection = try await prepared()
        let leaked = try await connection.transaction { transaction in
            await #expect(throws: PostgresError.self) { try await connection.execute("select 1") }
            await #expect(throws: PostgresError.self) {
                try await connection.transaction { _ in }
            }
            try await transaction.execute("insert into t values (1)")
            return transaction
        }
        await #expect(throws: PostgresError.self) {
            try await leaked.execute("insert into t values (2)")
        }
        #expect(try await count(connection, "t") == 1)
    }

    @Test func aTransactionOpenedByTextIsRefused() async throws {
        let connection = try await prepared()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.execute("begin")
        }
        #expect(error?.isTransient == false)
        #expect(!connection.isHealthy)
    }

    @Test func serializableTransactionsThatClashAreTransient() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let one = try await PostgresConnection.connect(url, logger: quiet)
        let two = try await PostgresConnection.connect(url, logger: quiet)
        try await one.executeScript("create table t (x int); insert into t values (1)")
        let error = await #expect(throws: PostgresError.self) {
            try await one.transaction(at: .serializable) { transaction in
                try await transaction.execute("select sum(x) from t")
                try await two.transaction(at: .serializable) { other in
                    try await other.execute("update t set x = x + 1")
                }
                try await transaction.execute("update t set x = x + 1")
            }
        }
        #expect(error?.sqlState == "40001" && error?.isTransient == true)
    }
}
