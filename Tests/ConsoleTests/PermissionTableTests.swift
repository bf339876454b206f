import Foundation
import Payments
import Testing

/// `docs/permissions.md` is what the code does.
@Suite struct PermissionTableTests {
    @Test func theTableSaysWhatEachRoleMayOpen() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/permissions.md").standardized
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("|") }
            .map { row in
                row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
        let heading = try #require(rows.first)
        #expect(
            heading == ["role"] + Permission.allCases.map(\.rawValue).sorted(by: order(heading))
                + ["one-time code"])
        #expect(Set(heading.dropFirst().dropLast()) == Set(Permission.allCases.map(\.rawValue)))
        let table = Dictionary(
            uniqueKeysWithValues: rows.dropFirst(2).map { ($0[0], Array($0.dropFirst())) })
        #expect(Set(table.keys) == Set(UserRole.allCases.map(\.rawValue)))
        for role in UserRole.allCases {
            let cells = try #require(table[role.rawValue])
            for (name, cell) in zip(heading.dropFirst(), cells) {
                let may =
                    Permission(rawValue: name).map(role.permissions.contains)
                    ?? role.needsOneTimeCode
                #expect(cell == (may ? "yes" : "no"), "\(role.rawValue), \(name)")
            }
        }
    }

    /// By the table's own columns.
    private func order(_ heading: [String]) -> (String, String) -> Bool {
        { (heading.firstIndex(of: $0) ?? 0) < (heading.firstIndex(of: $1) ?? 0) }
    }
}
