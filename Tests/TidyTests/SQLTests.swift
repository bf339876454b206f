import Testing

/// SQL lives in one place, and a migration explains itself.
@Suite struct SQLTests {
    @Test func onlyTheStoreHoldsSQL() throws {
        // Postgres frames transactions and queries the server about itself; Embedded creates the
        // database that the rest is in.
        let allowed = ["Core/Store/", "Core/Postgres/", "Workers/Sandbox/Embedded/"]
        let sql =
            #/
            (?i)^\s*
            (?: select\s | insert\s+into\s | update\s+\w+\s+set\s | delete\s+from\s
            | with\s+\w+\s+as\s*\( | create\s+(?:table|index)\s | copy\s+\w+\s*\( )
            /#
        for file in Repository.product where !allowed.contains(where: file.hasPrefix) {
            for literal in SourceText(try Repository.text(file)).literals
            where literal.text.contains(sql) {
                Issue.record("\(file):\(literal.line): SQL belongs in Core/Store")
            }
        }
    }

    @Test func everyMigrationHasItsNotes() throws {
        let folder = "Core/Store/Migrations"
        let migrations = Repository.folders(in: folder)
        for migration in migrations {
            #expect(
                migration.contains(/^\d{4}_[a-z0-9_]+$/),
                "\(folder)/\(migration): name it NNNN_what_it_does")
            for file in ["up.sql", "notes.md"] {
                let path = "\(folder)/\(migration)/\(file)"
                #expect(Repository.exists(path), "\(path) is missing")
                if Repository.exists(path) { #expect(!(try Repository.text(path)).isEmpty) }
            }
        }
        let numbers = migrations.map { $0.prefix(4) }
        #expect(Set(numbers).count == numbers.count, "two migrations share a number")
    }
}
