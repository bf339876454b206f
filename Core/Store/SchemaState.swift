public import Postgres

/// How a database's schema relates to that of this build.
public enum SchemaState: Sendable, Equatable {
    /// It is this build's.
    case current
    /// Migrations of this build are missing.
    /// - Parameters:
    ///   - database: the last migration that is applied; `nil` where none is.
    ///   - build: this build's last one.
    case older(database: String?, build: String)
    /// A migration is applied that this build doesn't have.
    case newer(database: String, build: String)
    /// An applied migration was edited since.
    case edited(String)

    /// What is wrong and what to do, on one line; `nil` for the right one.
    public var problem: String? {
        switch self {
        case .current: nil
        case .older(nil, let build):
            "the database has no schema, this build has \(build): run tally migrate"
        case .older(let database?, let build):
            "the database has \(database), this build has \(build): run tally migrate"
        case .newer(let database, let build):
            "the database has \(database), this build has \(build): run the newer build"
        case .edited(let name):
            "\(name) was edited after it was applied to this database: restore its file and write "
                + "a new migration"
        }
    }
}

extension Migrator {
    /// Compares the database's schema with this build's: one read of a small table.
    public func state(on connection: PostgresConnection) async throws -> SchemaState {
        let applied = try await Self.applied(on: connection)
        let build = migrations.last?.name ?? "none"
        let known = Dictionary(migrations.map { ($0.name, $0.checksum) }) { first, _ in first }
        if let name = applied.keys.filter({ known[$0] == nil }).max() {
            return .newer(database: name, build: build)
        }
        if let name = applied.keys.filter({ known[$0] != applied[$0] }).min() {
            return .edited(name)
        }
        if migrations.allSatisfy({ applied[$0.name] != nil }) { return .current }
        return .older(database: applied.keys.max(), build: build)
    }
}
