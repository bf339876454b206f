import Foundation
import Postgres
import Testing

@Suite(.timeLimit(.minutes(2))) struct SchemaSnapshotTests {
    private static var file: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/schema.sql").standardizedFileURL
    }

    @Test func theMigratedSchemaIsTheOneInTheDocuments() async throws {
        let schema = try await SchemaSnapshot(connection: migratedConnection()).text()
        if ProcessInfo.processInfo.environment["SCHEMA_SNAPSHOT"] == "write" {
            try schema.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let documented = try String(contentsOf: Self.file, encoding: .utf8)
        let difference = schema.split(separator: "\n").difference(
            from: documented.split(separator: "\n"))
        let lines = difference.map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        #expect(
            schema == documented,
            """
            docs/schema.sql is not the migrations' schema; run scripts/schema-snapshot:
            \(lines.joined(separator: "\n"))
            """)
    }
}
