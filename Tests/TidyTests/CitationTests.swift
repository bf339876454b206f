import Foundation
import Testing

/// What the documents cite is in the tree: paths, links, types, settings, metrics and commands.
@Suite struct CitationTests {
    @Test func everyPathThatADocumentNamesExists() throws {
        for citation in try Document.spans where citation.isPath {
            #expect(
                Repository.matches(citation.text),
                "\(citation.place): there is no \(citation.text)")
        }
    }

    @Test func everyRelativeLinkLeadsSomewhere() throws {
        for file in Document.files {
            let folder = file.split(separator: "/").dropLast().joined(separator: "/")
            for link in try Repository.text(file).matches(of: /\]\(([^)#:\s]*)(#[^)\s]*)?\)/) {
                let path = link.1.isEmpty ? file : (folder.isEmpty ? "" : folder + "/") + link.1
                #expect(Repository.exists(path), "\(file) links to \(link.1)")
                guard let anchor = link.2?.dropFirst(), path.hasSuffix(".md"),
                    Repository.exists(path)
                else { continue }
                #expect(
                    try Document.anchors(of: path).contains(String(anchor)),
                    "\(file) links to \(link.1)#\(anchor), which has no heading")
            }
        }
    }

    @Test func everyTypeThatADocumentNamesIsDeclared() throws {
        let declared = try Source.declared()
        let words = try Source.words()
        for citation in try Document.spans {
            guard let names = citation.typeAndField else { continue }
            #expect(
                declared.contains(names.type) || Self.others.contains(names.type),
                "\(citation.place): no type is called \(names.type)")
            guard let field = names.field, declared.contains(names.type) else { continue }
            #expect(
                words.contains(field), "\(citation.place): \(names.type) has no \(field)")
        }
    }

    @Test func everySettingThatADocumentNamesIsRead() throws {
        let code = try Source.everything()
        for citation in try Document.spans {
            for name in citation.text.matches(of: /\bTALLY_[A-Z_]*[A-Z]/) {
                // The rest of these names is librdkafka's.
                let isRead = name.0.hasPrefix("TALLY_KAFKA_") || code.contains(name.0)
                #expect(isRead, "\(citation.place): nothing reads \(name.0)")
            }
        }
    }

    @Test func everyMetricThatADocumentNamesIsServed() throws {
        let code = try Source.everything()
        for citation in try Document.spans {
            guard let name = citation.text.wholeMatch(of: /tally(_[a-z]+)+/) else { continue }
            // A worker's counters are named without the prefix that they share.
            let short = name.0.replacing("tally_worker_", with: "")
            let isServed = code.contains("\"\(name.0)\"") || code.contains("\"\(short)\"")
            #expect(isServed, "\(citation.place): no role serves \(name.0)")
        }
    }

    @Test func everyCommandThatADocumentShowsExists() throws {
        let makefile = try Repository.text("Makefile")
        let targets = Set(makefile.matches(of: /(?m)^([a-z]+):/).map { String($0.1) })
        let commands = try Source.commands()
        for (place, line) in try Document.commandLines() {
            if let make = line.firstMatch(of: /^(?:[A-Z_]+=\S+ )*make ([a-z]+)/) {
                #expect(targets.contains(String(make.1)), "\(place): no target \(make.1)")
            }
            if let tally = line.firstMatch(of: /^tally ([a-z-]+)/) {
                #expect(commands.contains(String(tally.1)), "\(place): no command \(tally.1)")
            }
        }
    }

    // Types and names of other libraries, and headings that look like types.
    private static let others: Set = [
        "JSONDecoder", "URLSession", "Codable", "Sendable", "Allow", "Int64",
    ]
}

/// The documents, and what they cite.
private enum Document {
    static let files =
        ["docs", ".github", "Tests", "Core/Store/Migrations"]
        .flatMap { Repository.files(in: $0, ending: ".md") }
        + ["README", "CONTRIBUTING", "CHANGELOG", "SECURITY", "CODE_OF_CONDUCT"].map { $0 + ".md" }

    struct Span {
        let text: String
        let place: String

        /// A path of this repository; one with a blank or a sign of a shell is something else.
        var isPath: Bool {
            guard text.wholeMatch(of: /\.?[A-Za-z][\w.*<>{},-]*(?:\/[\w.*<>{},-]+)+\/?/) != nil
            else { return text.wholeMatch(of: /[A-Za-z_]+\.(swift|py|yaml|sql)/) != nil }
            let top = text.split(separator: "/").first.map(String.init) ?? ""
            return Repository.exists(top) && !top.hasPrefix(".build") && !top.hasPrefix(".tally")
        }

        /// `Type` or `Type.field`, as Swift writes them.
        var typeAndField: (type: String, field: String?)? {
            guard !isPath,
                let match = text.wholeMatch(
                    of: /([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\.([A-Za-z]\w*)(?:\([\w:]*\))?)?/)
            else { return nil }
            return (String(match.1), match.2.map(String.init))
        }
    }

    /// Every inline code span, outside of fenced blocks.
    static var spans: [Span] {
        get throws {
            try files.flatMap { file in
                try lines(of: file).filter { !$0.isFenced }.flatMap { line in
                    line.text.matches(of: /`([^`]+)`/).map {
                        Span(text: String($0.1), place: "\(file):\(line.number)")
                    }
                }
            }
        }
    }

    /// The lines of fenced blocks, and the spans that may be commands.
    static func commandLines() throws -> [(place: String, line: String)] {
        let fenced = try files.flatMap { file in
            try lines(of: file).filter(\.isFenced).map { ("\(file):\($0.number)", $0.text) }
        }
        return fenced + (try spans.map { ($0.place, $0.text) })
    }

    /// The names that links may end in: headings as the usual renderers shorten them.
    static func anchors(of file: String) throws -> Set<String> {
        Set(
            try lines(of: file).filter { !$0.isFenced && $0.text.hasPrefix("#") }.map { line in
                line.text.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
                    .replacingOccurrences(of: " ", with: "-")
            })
    }

    private static func lines(
        of file: String
    ) throws -> [(number: Int, text: String, isFenced: Bool)] {
        var isFenced = false
        return try Repository.lines(file).enumerated().map { index, line in
            if line.hasPrefix("```") { isFenced.toggle() }
            return (index + 1, String(line), isFenced)
        }
    }
}

/// What the sources declare.
private enum Source {
    /// Types, targets and folders of sources: what a document may mean by a name.
    static func declared() throws -> Set<String> {
        let pattern = /\b(?:struct|enum|class|actor|protocol|typealias|associatedtype) (\w+)/
        var names = Set(["Core", "Workers"].flatMap { Repository.folders(in: $0) })
        names.formUnion(Repository.folders(in: "Tests"))
        names.formUnion(Repository.folders(in: "Workers/Sandbox"))
        for file in Repository.swift {
            for match in SourceText(try Repository.text(file)).codeOnly.matches(of: pattern) {
                names.insert(String(match.1))
            }
        }
        return names.union(["Makefile", "Dockerfile"])
    }

    static func words() throws -> Set<String> {
        Set(
            try Repository.product.flatMap { file in
                SourceText(try Repository.text(file)).codeOnly
                    .split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
            })
    }

    /// Sources, scripts and settings as one text.
    static func everything() throws -> String {
        let others =
            Repository.files(in: "scripts", ending: "") + Repository.files(in: "docker", ending: "")
        return try (Repository.swift + others + ["Makefile"]).filter { !Repository.isFolder($0) }
            .map { try Repository.text($0) }.joined(separator: "\n")
    }

    /// The names of tally's commands.
    static func commands() throws -> Set<String> {
        Set(
            try Repository.files(in: "Workers/tally").flatMap { file in
                try Repository.text(file).matches(of: /commandName:\s*"([a-z-]+)"/)
                    .map { String($0.1) }
            })
    }
}

extension Repository {
    /// Whether a path is there; `*`, `<topic>` and `NNNN` stand for one name or more, `{a,b}` for
    /// either.
    fileprivate static func matches(_ path: String) -> Bool {
        if let braces = path.firstMatch(of: /\{([^}]*)\}/) {
            return braces.1.split(separator: ",").allSatisfy {
                matches(path.replacingCharacters(in: braces.range, with: $0))
            }
        }
        if exists(path) { return true }
        guard path.contains("/") else { return all.contains { $0.hasSuffix("/" + path) } }
        let pattern = path.split(separator: "/")
            .map { part in
                NSRegularExpression.escapedPattern(for: String(part))
                    .replacingOccurrences(of: "\\*", with: "[^/]*")
                    .replacingOccurrences(of: "<\\w+>", with: "[^/]+", options: .regularExpression)
                    .replacingOccurrences(of: "NNNN", with: "\\d{4}")
            }.joined(separator: "/")
        guard pattern.contains("[^/]") || pattern.contains("\\d"),
            let regex = try? Regex("^\(pattern)(/.*)?$")
        else { return false }
        return all.contains { $0.contains(regex) }
    }

    private static let all: [String] =
        ["Core", "Workers", "topics", "Tests", "docs", "docker", "scripts", ".github"]
        .flatMap { files(in: $0, ending: "") }
}
