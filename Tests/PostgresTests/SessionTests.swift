import Foundation
import TestServices
import TestWaiting
import Testing

@testable import Postgres

/// No wait of a session is without an end.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SessionTests {
    private func connect(
        _ url: String, _ session: PostgresSessionSettings = PostgresSessionSettings()
    ) async throws -> PostgresConnection {
        try await PostgresConnection.connect(url, session: session, logger: quiet)
    }

    @Test func theServerHasTheSessionsLimits() async throws {
        let connection = try await connect(TestServices.shared.freshDatabase())
        for (name, value) in [
            ("statement_timeout", "1min"), ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "10s"), ("tcp_keepalives_idle", "3"),
            ("tcp_keepalives_interval", "3"), ("tcp_keepalives_count", "2"),
            ("tcp_user_timeout", "10000"), ("client_connection_check_interval", "10s"),
        ] {
            let shown = try await single(connection, "select current_setting('\(name)')") {
                try $0.text(0)
            }
            // Some are shown with a unit, some without.
            #expect(shown == value || shown == value + "ms", "\(name)")
        }
        #expect(!(await connection.isPooled))
    }

    @Test func aCommandsStatementsHaveNoLimit() async throws {
        let connection = try await freshConnection()
        for name in ["statement_timeout", "lock_timeout"] {
            #expect(
                try await single(connection, "select current_setting('\(name)')") {
                    try $0.text(0)
                } == "0")
        }
    }

    @Test func aTransactionThatDoesNothingLosesItsLocks() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let idle = try await connect(
            url, PostgresSessionSettings(idleInTransactionTimeout: .milliseconds(200)))
        let other = try await connect(url)
        try await other.executeScript("create table t (x int); insert into t values (1)")
        let error = await #expect(throws: (any Error).self) {
            try await idle.transaction { transaction in
                try await transaction.execute("update t set x = 2")
                // Waits for the lock until the server has ended the idle session.
                try await other.execute("update t set x = 3")
                try await transaction.execute("update t set x = 4")
            }
        }
        #expect(error?.isTransientPostgresFailure == true, "\(String(describing: error))")
        #expect(!idle.isHealthy)
        #expect(try await single(other, "select x from t") { try $0.int32(0) } == 3)
    }

    @Test func aWaitForALockEndsAndIsTransient() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let holder = try await connect(url)
        let waiter = try await connect(
            url, PostgresSessionSettings(lockTimeout: .milliseconds(100)))
        try await holder.executeScript("create table t (x int); insert into t values (1)")
        try await holder.transaction { transaction in
            try await transaction.execute("update t set x = 2")
            let error = await #expect(throws: PostgresError.self) {
                try await waiter.execute("update t set x = 3")
            }
            #expect(error?.sqlState == "55P03" && error?.isTransient == true)
        }
        #expect(waiter.isHealthy)
    }

    /// Its kernel still acknowledges every packet, so TCP finds nothing wrong.
    @Test(arguments: ["select 1", "copy"])
    func aServerProcessThatHasStoppedEndsTheCall(_ kind: String) async throws {
        let url = try await TestServices.shared.freshDatabase()
        let connection = try await connect(
            url, PostgresSessionSettings(statementTimeout: .milliseconds(100)))
        try await connection.execute("create table t (x text)")
        let pid = try await backendPID(connection)
        kill(pid, SIGSTOP)
        defer { kill(pid, SIGCONT) }
        let started = ContinuousClock.now
        let error = await #expect(throws: PostgresError.self) {
            if kind == "copy" {
                // More than the socket's buffers hold.
                var rows = PostgresCopyRows(columns: 1)
                for _ in 0..<200 {
                    rows.beginRow()
                    rows.append(String(repeating: "x", count: 100_000))
                }
                try await connection.copyIn("copy t from stdin (format binary)", rows)
            } else {
                try await connection.execute(kind)
            }
        }
        #expect(error?.isTransient == true)
        #expect(error?.description.contains("didn't answer in time") == true)
        #expect(!connection.isHealthy)
        #expect(ContinuousClock.now - started < .seconds(15))
    }

    @Test func aServerThatTakesNoWritesIsRefused() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let admin = try await connect(url)
        try await admin.execute("create table t (x int)")
        let name = try await single(admin, "select current_database()") { try $0.text(0) }
        try await admin.execute("alter database \(name) set default_transaction_read_only = on")
        let error = await #expect(throws: PostgresError.self) { try await connect(url) }
        #expect(error?.isTransient == true)
        #expect(error?.description.contains("read-only") == true)
        let reader = try await connect(url + "?target_session_attrs=any")
        #expect(try await count(reader, "t") == 0)
    }

    @Test func aConnectionWhoseServerTakesNoWritesAnyMoreIsDropped() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let pool = PostgresPool(url: url, size: 1, logger: quiet)
        let before = try await pool.withConnection { connection in
            try await connection.execute("create table t (x int)")
            try await connection.execute("set default_transaction_read_only = on")
            let error = await #expect(throws: PostgresError.self) {
                try await connection.transaction { transaction in
                    try await transaction.execute("insert into t values (1)")
                }
            }
            #expect(error?.sqlState == "25006" && error?.isTransient == true)
            return try? await backendPID(connection)
        }
        #expect(before == nil)
        try await pool.transaction { try await $0.execute("insert into t values (1)") }
        await pool.close()
    }
}
