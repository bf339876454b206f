import Testing

@Suite struct DocumentTests {
    @Test func theHelpNamesEveryTarget() throws {
        let makefile = try Repository.text("Makefile")
        let phony = try #require(makefile.firstMatch(of: /(?m)^\.PHONY: (.*)$/)).1
        for target in phony.split(separator: " ") {
            let documented = try Regex("(?m)^\(target):.* ## .+$")
            #expect(makefile.contains(documented), "make \(target) has no help")
        }
    }

    @Test(arguments: [
        "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "docs/architecture.md",
        "docs/operations.md", "docs/openapi.yaml", "docs/decisions/0001-dependencies.md",
        "docs/decisions/0002-play-clock.md",
    ])
    func aDocumentIsThere(path: String) throws {
        #expect(try Repository.text(path).count > 200)
    }

    @Test func theReadmeLeadsOn() throws {
        let readme = try Repository.text("README.md")
        for word in [
            "make demo", "make test", "docs/architecture.md", "docs/operations.md",
            "docs/openapi.yaml", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE",
        ] {
            #expect(readme.contains(word), "README.md says nothing of \(word)")
        }
        #expect(try Repository.text("CHANGELOG.md").contains("## Unreleased"))
    }

    @Test func linksBetweenDocumentsHold() throws {
        let documents =
            Repository.files(in: "docs", ending: ".md")
            + ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        for document in documents {
            let folder = document.split(separator: "/").dropLast().joined(separator: "/")
            for link in try Repository.text(document).matches(of: /\]\(([^)#:]+)(?:#[^)]*)?\)/) {
                let path = folder.isEmpty ? String(link.1) : "\(folder)/\(link.1)"
                #expect(Repository.exists(path), "\(document) links to \(link.1)")
            }
        }
    }

    @Test func decisionsAreNumberedWithoutGaps() {
        let decisions = Repository.files(in: "docs/decisions", ending: ".md")
            .filter { !$0.hasSuffix("/README.md") }
            .filter { !$0.hasSuffix("/README.md") }
        for (index, file) in decisions.enumerated() {
            let number = String(index + 1)
            let padded = String(repeating: "0", count: 4 - number.count) + number
            #expect(file.hasPrefix("docs/decisions/\(padded)-"), "\(file) should be \(padded)-")
        }
    }
}
