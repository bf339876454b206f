import Testing

@testable import Postgres

private struct Add: PostgresStatement {
    static let sql = "insert into t (x, note) select * from unnest($1::bigint[], $2::text[])"
    var values: [Int64]

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(values)
        bindings.append(values.map { "note \($0)" })
    }
}

private struct Sum: PostgresStatement {
    static let sql = "select sum(x)::bigint from t where x >= $1"
    func bind(_ bindings: inout PostgresBindings) { bindings.append(Int64(0)) }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// A pooler that runs each transaction on another of the server's sessions.
@Suite(.serialized, .enabled(if: PgBouncer.program != nil), .timeLimit(.minutes(2)))
struct PgBouncerTests {
    private func with(
        _ mode: String, _ body: (PgBouncer) async throws -> Void
    ) async throws {
        let bouncer = try await PgBouncer.start(mode: mode)
        do { try await body(bouncer) } catch {
            await bouncer.stop()
            throw error
        }
        await bouncer.stop()
    }

    @Test(arguments: ["transaction", "session"])
    func manyConnectionsShareTheServersSessions(mode: String) async throws {
        try await with(mode) { bouncer in
            let direct = try await PostgresConnection.connect(bouncer.directURL, logger: quiet)
            try await direct.execute("create table t (x bigint, note text)")
            // In session mode more connections than sessions would wait for ever.
            let pool = PostgresPool(
                url: bouncer.url, size: mode == "session" ? 2 : 8, logger: quiet)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number: Int64 in 1...200 {
                    group.addTask {
                        try await pool.transaction { transaction in
                            _ = try await transaction.run(Add(values: [number, 0]))
                            _ = try await transaction.run(Sum())
                        }
                        _ = try await pool.withConnection { try await $0.run(Sum()) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await pool.withConnection { try await $0.run(Sum()) } == [20_100])
            try await pool.transaction { transaction in
                var rows = PostgresCopyRows(columns: 2)
                rows.beginRow()
                rows.append(Int64(1))
                rows.append("copied")
                _ = try await transaction.copyIn("copy t from stdin (format binary)", rows)
            }
            #expect(try await pool.withConnection { try await $0.run(Sum()) } == [20_101])
            await pool.close()
        }
    }

    @Test func itsTransactionsHaveTheirLimitsAndLeaveNoneBehind() async throws {
        try await with("transaction") { bouncer in
            let connection = try await PostgresConnection.connect(
                bouncer.url,
                session: PostgresSessionSettings(statementTimeout: .milliseconds(200)),
                logger: quiet)
            #expect(await connection.isPooled)
            let error = await #expect(throws: PostgresError.self) {
                try await connection.transaction { transaction in
                    try await transaction.execute("select pg_sleep(20)")
                }
            }
            #expect(error?.sqlState == "57014")
            for name in ["statement_timeout", "lock_timeout"] {
                let left = try await single(connection, "select current_setting('\(name)')") {
                    try $0.text(0)
                }
                #expect(left == "0", "\(name)")
            }
        }
    }
}
