import Crypto
import Foundation
import Logging
public import Postgres

/// Brings a database's schema to the version of this build: the folders of `Migrations/`, in
/// order, each once, under an advisory lock.
public struct Migrator: Sendable {
    /// A migration of this build.
    public struct Migration: Sendable, Equatable {
        /// The folder's name, for example `0003_orders`.
        public let name: String
        /// Its `up.sql`.
        public let sql: String
        /// SHA-256 of `sql`, lower-case hex.
        public let checksum: String
    }

    /// Every migration of this build, in order.
    public let migrations: [Migration]

    /// Reads the migrations that are built in.
    /// - Throws: `MigrationError` if they can't be found or read.
    public init() throws {
        guard let folder = Bundle.module.url(forResource: "Migrations", withExtension: nil) else {
            throw MigrationError("the build's migrations are missing beside the executable")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        migrations = try names.filter { !$0.hasPrefix(".") }.sorted().map { name in
            let file = folder.appendingPathComponent(name).appendingPathComponent("up.sql")
            let sql = try String(contentsOf: file, encoding: .utf8)
            return Migration(name: name, sql: sql, checksum: Self.checksum(sql))
        }
    }

    /// The migrations that aren't applied to `connection`'s database.
    /// - Throws: `MigrationError` if an applied one was edited since, or isn't part of this build.
    public func pending(on connection: PostgresConnection) async throws -> [Migration] {
        switch try await state(on: connection) {
        case .current: return []
        case .older:
            let applied = try await Self.applied(on: connection)
            return migrations.filter { applied[$0.name] == nil }
        case .newer(let database, _):
            throw MigrationError(
                "migration \(database) is applied to the database and isn't part of this build: "
                    + "run the newer build")
        case .edited(let name):
            throw MigrationError(
                "migration \(name) was edited after it was applied to this database: "
                    + "restore the file and write a new migration")
        }
    }

    /// Applies the pending migrations, each in a transaction.
    ///
    /// Their lock is the transaction's, not the session's: behind a pooler a session may be another
    /// one's next.
    /// - Returns: their names.
    @discardableResult
    public func migrate(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.transaction { transaction in
            _ = try await transaction.execute(Self.lock)
            _ = try await transaction.executeScript(
                """
                create table if not exists schema_migrations (
                    name text primary key,
                    checksum text not null,
                    applied_at timestamptz not null default clock_timestamp()
                )
                """)
        }
        var names: [String] = []
        for migration in try await pending(on: connection) {
            let isApplied = try await connection.transaction { transaction in
                _ = try await transaction.execute(Self.lock)
                // By another process, while this one waited for the lock.
                let known = try await transaction.run(AppliedMigrations())
                guard !known.contains(where: { $0.name == migration.name }) else { return false }
                try await transaction.executeScript(migration.sql)
                _ = try await transaction.run(
                    RecordMigration(name: migration.name, checksum: migration.checksum))
                return true
            }
            if isApplied { names.append(migration.name) }
        }
        return names
    }

    private static let lock = "select pg_advisory_xact_lock(hashtext('tally migrate'))"

    static func applied(
        on connection: PostgresConnection
    ) async throws -> [String: String] {
        guard try await connection.run(HasMigrationTable()).first == true else { return [:] }
        let rows = try await connection.run(AppliedMigrations())
        return Dictionary(rows.map { ($0.name, $0.checksum) }) { first, _ in first }
    }

    private static func checksum(_ sql: String) -> String {
        SHA256.hash(data: Data(sql.utf8)).map { String(format: "%02x", $0) }.joined()
    }
}

/// Why a schema can't be brought up to date.
public struct MigrationError: Error, CustomStringConvertible {
    /// What is wrong and what to do.
    public let description: String
    init(_ description: String) { self.description = description }
}

struct HasMigrationTable: PostgresStatement {
    static let sql = "select to_regclass('schema_migrations') is not null"
    func bind(_ bindings: inout PostgresBindings) {}
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.bool(0) }
}

struct AppliedMigrations: PostgresStatement {
    static let sql = "select name, checksum from schema_migrations"
    func bind(_ bindings: inout PostgresBindings) {}
    static func decode(
        _ row: PostgresRow
    ) throws(PostgresError) -> (name: String, checksum: String) {
        (try row.text(0), try row.text(1))
    }
}

struct RecordMigration: PostgresStatement {
    let name: String
    let checksum: String
    static let sql = "insert into schema_migrations (name, checksum) values ($1, $2)"
    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(name)
        bindings.append(checksum)
    }

}
