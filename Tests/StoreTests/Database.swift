import Logging
import Postgres
import Store
import TestServices

let quiet = Logger(label: "store-tests") { _ in SwiftLogNoOpLogHandler() }

/// The URL of a migrated database of the test's own.
func migratedDatabase() async throws -> String {
    try await TestServices.shared.freshDatabase(like: "migrated") { url in
        let connection = try await PostgresConnection.connect(url, logger: quiet)
        try await Migrator().migrate(connection)
        await connection.close()
    }
}

/// A connection to a migrated database of the test's own.
func migratedConnection() async throws -> PostgresConnection {
    try await PostgresConnection.connect(migratedDatabase(), logger: quiet)
}

extension PostgresConnection {
    /// The number that a statement returns.
    func number(_ sql: String) throws -> Int64 { try execute(sql)[0].int64(0) }

    /// The first column of every row, as text.
    func texts(_ sql: String) throws -> [String] { try execute(sql).map { try $0.text(0) } }
}
