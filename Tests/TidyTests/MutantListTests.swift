import Testing

/// The changes of `Tests/Mutants` fit the product as it is; `make mutants` proves that tests notice
/// them.
@Suite struct MutantListTests {
    @Test func everyMutantFitsItsFile() throws {
        let mutants = try Self.mutants()
        #expect(mutants.count >= 40)
        for mutant in mutants {
            let name = "\(mutant.list): \(mutant["mutant"] ?? "a block without a name")"
            for field in ["mutant", "file", "line", "with", "test"] {
                #expect(mutant[field] != nil, "\(name) lacks '\(field):'")
            }
            guard let file = mutant["file"], let line = mutant["line"], Repository.exists(file)
            else {
                Issue.record("\(name): there is no file \(mutant["file"] ?? "")")
                continue
            }
            let wanted = line.split(separator: "⏎").map(Self.trimmed)
            let lines = try Repository.lines(file).map(Self.trimmed)
            let count = lines.indices.count { lines[$0...].starts(with: wanted) }
            #expect(count == 1, "\(name): its line occurs \(count) times in \(file)")
        }
    }

    /// A test is named by its function: a renamed one would let its mutant live.
    @Test func everyNamedTestIsThere() throws {
        let tests = Repository.swift.filter { $0.hasPrefix("Tests/") }
        let code = try tests.map { try Repository.text($0) }.joined(separator: "\n")
        for mutant in try Self.mutants() {
            let last = mutant["test"]?.split { $0 == "/" || $0 == "." }.last ?? ""
            let name = String(last.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            #expect(
                code.contains("func \(name)(") || code.contains("struct \(name) "),
                "\(mutant.list): no test is named \(name)")
        }
    }

    private struct Mutant {
        let list: String
        let fields: [String: String]

        subscript(name: String) -> String? { fields[name] }
    }

    private static func mutants() throws -> [Mutant] {
        try Repository.files(in: "Tests/Mutants", ending: ".txt").flatMap { list in
            try Repository.text(list).split(separator: "\n\n").compactMap { block in
                let fields = block.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
                    line -> (String, String)? in
                    guard let colon = line.firstIndex(of: ":") else { return nil }
                    return (
                        String(line[..<colon]), trimmed(line[line.index(after: colon)...])
                    )
                }
                guard !fields.isEmpty else { return nil }
                return Mutant(list: list, fields: Dictionary(fields) { first, _ in first })
            }
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
