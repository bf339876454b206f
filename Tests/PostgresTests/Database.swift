import Foundation
import Logging
import Postgres
import TestServices

let quiet = Logger(label: "postgres-tests") { _ in SwiftLogNoOpLogHandler() }

/// A connection to a database of the test's own.
func freshConnection() async throws -> PostgresConnection {
    try await PostgresConnection.connect(TestServices.shared.freshDatabase(), logger: quiet)
}

/// What one statement returns in its first row and column.
func single<Value>(
    _ connection: PostgresConnection, _ sql: String, _ bindings: PostgresBindings = .init(),
    _ read: (PostgresRow) throws -> Value
) async throws -> Value {
    let result = try await connection.execute(sql, bindings)
    return try read(result[0])
}

func count(_ connection: PostgresConnection, _ table: String) async throws -> Int64 {
    try await single(connection, "select count(*) from \(table)") { try $0.int64(0) }
}

/// Ends another connection's server process, as a failing server would.
func terminate(_ pid: Int32, through admin: PostgresConnection) async throws {
    var bindings = PostgresBindings()
    bindings.append(pid)
    try await admin.execute("select pg_terminate_backend($1, 5000)", bindings)
}

func backendPID(_ connection: PostgresConnection) async throws -> Int32 {
    try await single(connection, "select pg_backend_pid()") { try $0.int32(0) }
}

func entryCount(_ folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).count
}
