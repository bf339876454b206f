import Foundation
import Postgres
import TestServices
import Testing

private struct Account: Equatable, Sendable {
    var id: Int64
    var name: String
}

private struct InsertAccounts: PostgresStatement {
    static let sql =
        "insert into accounts (id, name) select * from unnest($1::bigint[], $2::text[])"
    var accounts: [Account]

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(accounts.map(\.id))
        bindings.append(accounts.map(\.name))
    }
}

private struct AccountsFrom: PostgresStatement {
    static let sql = "select id, name from accounts where id >= $1 order by id"
    var id: Int64

    func bind(_ bindings: inout PostgresBindings) { bindings.append(id) }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Account {
        Account(id: try row.int64(0), name: try row.text(1))
    }
}

private struct WrongColumn: PostgresStatement {
    static let sql = "select name from accounts"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct Shifty: PostgresStatement {
    static let sql = "select $1"
    var asText: Bool
    func bind(_ bindings: inout PostgresBindings) {
        if asText { bindings.append("x") } else { bindings.append(Int64(1)) }
    }
}

@Suite struct StatementTests {
    private func prepared() async throws -> PostgresConnection {
        let connection = try await freshConnection()
        try await connection.execute(
            "create table accounts (id bigint primary key, name text not null check (name <> ''))")
        return connection
    }

    @Test func runsDecodesAndCounts() async throws {
        let connection = try await prepared()
        let accounts = (1...3).map { Account(id: $0, name: "账户 \($0)") }
        #expect(try await connection.runCount(InsertAccounts(accounts: accounts)) == 3)
        #expect(try await connection.run(AccountsFrom(id: 2)) == [accounts[1], accounts[2]])
        #expect(try await connection.run(AccountsFrom(id: 9)) == [])
        // Prepared once each, under the type.
        let count = try await single(
            connection, "select count(*) from pg_prepared_statements"
        ) { try $0.int64(0) }
        #expect(count == 2)
    }

    @Test func serverErrorsAreTypedAndKeepValuesToThemselves() async throws {
        let connection = try await prepared()
        let secret = "4111-secret-1111"
        let insert = InsertAccounts(accounts: [Account(id: 7, name: secret)])
        try await connection.run(insert)
        let unique = await #expect(throws: PostgresError.self) { try await connection.run(insert) }
        #expect(unique?.isUniqueViolation == true)
        #expect(unique?.isTransient == false)
        #expect(unique?.constraint == "accounts_pkey")
        #expect(unique?.server?.table == "accounts")
        #expect(unique?.statement == "InsertAccounts")
        #expect(unique?.description.contains("(7)") == false)
        #expect(unique?.server?.detail?.contains("7") == true)

        var bindings = PostgresBindings()
        bindings.append(secret)
        let cast = await #expect(throws: PostgresError.self) {
            try await connection.execute("select $1::bigint", bindings)
        }
        #expect(cast?.sqlState == "22P02")
        #expect(cast?.description.contains("secret") == false)

        let check = await #expect(throws: PostgresError.self) {
            try await connection.run(InsertAccounts(accounts: [Account(id: 8, name: "")]))
        }
        #expect(check?.sqlState == "23514" && check?.isUniqueViolation == false)

        let syntax = await #expect(throws: PostgresError.self) {
            try await connection.execute("selec 1")
        }
        #expect(syntax?.sqlState == "42601" && syntax?.server?.position == 1)
        // None of these cost the connection.
        #expect(connection.isHealthy)
        #expect(try await connection.run(AccountsFrom(id: 1)).count == 1)
    }

    @Test func decodingErrorsNameColumnAndStatement() async throws {
        let connection = try await prepared()
        try await connection.run(InsertAccounts(accounts: [Account(id: 1, name: "a")]))
        let wrong = await #expect(throws: PostgresError.self) {
            try await connection.run(WrongColumn())
        }
        #expect(
            wrong?.description
                == "PostgreSQL result: column 0 name is text, not bigint [WrongColumn]")
        let row = try await connection.execute("select null::bigint as due, 1.5::numeric")[0]
        #expect(throws: PostgresError.self) { try row.int64(0) }
        #expect(throws: PostgresError.self) { try row.int64(1) }
        #expect(throws: PostgresError.self) { try row.int64(2) }
        #expect(throws: PostgresError.self) { try row.int64(-1) }
    }

    @Test func aStatementThatChangesItsTypesIsRefused() async throws {
        let connection = try await prepared()
        try await connection.run(Shifty(asText: false))
        let error = await #expect(throws: PostgresError.self) {
            try await connection.run(Shifty(asText: true))
        }
        #expect(error?.isTransient == false)
    }

    @Test func aStatementTimeoutIsTransient() async throws {
        let connection = try await PostgresConnection.connect(
            TestServices.shared.freshDatabase(),
            session: PostgresSessionSettings(statementTimeout: .milliseconds(50)), logger: quiet)
        let error = await #expect(throws: PostgresError.self) {
            try await connection.execute("select pg_sleep(20)")
        }
        #expect(error?.sqlState == "57014" && error?.isTransient == true)
        #expect(connection.isHealthy)
    }

    @Test func scriptsRunSeveralStatements() async throws {
        let connection = try await prepared()
        try await connection.executeScript(
            "create table a (x int); insert into a values (1), (2); create table b (y int);")
        #expect(try await count(connection, "a") == 2)
        #expect(try await count(connection, "b") == 0)
    }

    @Test func parametersBeyondTheProtocolAreRefusedBeforeTheyAreSent() async throws {
        let connection = try await prepared()
        var bindings = PostgresBindings()
        for _ in 0..<65_536 { bindings.append(true) }
        let error = await #expect(throws: PostgresError.self) {
            try await connection.execute("select 1", bindings)
        }
        #expect(error?.isTransient == false)
        #expect(connection.isHealthy)
    }
}
