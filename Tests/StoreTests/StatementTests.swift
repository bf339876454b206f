import Foundation
import Payments
import Postgres
import Testing

@testable import Store

/// Every statement runs against the schema of this build, with parameters of its own types, and
/// what it returns decodes.
@Suite(.timeLimit(.minutes(2))) struct StatementTests {
    private struct Undo: Error {}

    @Test func everyStatementRunsOnAMigratedDatabase() async throws {
        let shop = try await Shop.open()
        try await shop.sell("a")
        try await shop.sell("b")
        try await shop.refund("r", of: "a", amount: 100)
        try await shop.order("open")
        let lines = [try Shop.trade(1, "a"), try Shop.trade(2, "stranger")]
        try await shop.settle(try await shop.reconcile("s", lines))
        for statement in try AllStatements.make() {
            try await run(statement, on: shop.connection)
        }
    }

    // Rolled back, so that each finds the same rows. A key that isn't there, or is there already,
    // is the sample's fault; anything else is the statement's.
    private func run(
        _ statement: some PostgresStatement, on connection: PostgresConnection
    ) async throws {
        do {
            try await connection.transaction { transaction in
                _ = try await transaction.run(statement)
                throw Undo()
            }
        } catch is Undo {
        } catch let error as PostgresError where error.sqlState?.hasPrefix("23") == true {
        } catch {
            Issue.record("\(type(of: statement)): \(error)")
        }
    }

    @Test func noStatementIsLeftOut() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Core/Store").standardizedFileURL
        let files = FileManager.default.enumerator(atPath: folder.path)?
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        var declared: Set<String> = []
        for file in try #require(files) {
            let source = try String(
                contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            let declaration = /(?:struct|enum|extension) (\w+)\s*:[^{\n]*\bPostgresStatement\b/
            for match in source.matches(of: declaration) {
                declared.insert(String(match.1))
            }
        }
        let listed = try AllStatements.make().map { "\(type(of: $0))" }
        #expect(declared.count > 50)
        #expect(Set(listed) == declared)
        #expect(Set(listed).count == listed.count, "a statement is listed twice")
    }
}
