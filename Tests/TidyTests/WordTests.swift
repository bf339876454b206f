import Testing

/// Plain English and the field's terms, in code, comments, texts and documents.
@Suite struct WordTests {
    @Test func everyWordIsOneOfTheField() throws {
        let findings = try Repository.texts.flatMap { file -> [Finding] in
            let allowed = Words.exceptions[file] ?? []
            guard !allowed.contains("*") else { return [] }
            return Self.findings(in: try Repository.text(file))
                .filter { !allowed.contains($0.words) }
                .map { Finding(file: file, line: $0.line, words: $0.words, instead: $0.instead) }
        }
        for finding in findings {
            Issue.record(
                "\(finding.file):\(finding.line): '\(finding.words)'; write \(finding.instead)")
        }
    }

    @Test func anIdentifierIsReadAsItsWords() {
        #expect(
            Self.words(of: "let toldAt = release(deadLetterID)").joined(separator: " ")
                == "let told at release dead letter id")
        #expect(Self.words(of: "JSONText HTTPAnswer_2") == ["json", "text", "http", "answer"])
    }

    @Test func aWordIsFoundInCodeCommentsAndTextsAlike() {
        #expect(Self.findings(in: "let isAway = true").map(\.words) == ["away"])
        #expect(Self.findings(in: "a\n// gives up\n\"who asked\"").map(\.line) == [2, 3])
        #expect(Self.findings(in: "a dead letter, deadLetters, dead-letters, DEAD_LETTER").isEmpty)
        #expect(Self.findings(in: "// of dead\n// letters").isEmpty)
        #expect(Self.findings(in: "a letter").map(\.words) == ["letter"])
    }

    private struct Finding {
        var file = ""
        let line: Int
        let words: String
        let instead: String
    }

    // Each list of words under its first, so that a word of a text is looked up once.
    private static let rules: [String: [(words: [String], instead: String)]] = {
        var rules: [String: [(words: [String], instead: String)]] = [:]
        for (instead, list) in Words.instead {
            for entry in list {
                let words = entry.split(separator: " ").map(String.init)
                rules[words[0], default: []].append((words, instead))
            }
        }
        return rules
    }()

    private static func findings(in text: String) -> [Finding] {
        var before = ""
        var findings: [Finding] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = words(of: line)
            for index in words.indices {
                let previous = index > 0 ? words[index - 1] : before
                for rule in rules[words[index]] ?? []
                where words[index...].starts(with: rule.words) {
                    // A dead letter is a term.
                    guard !(rule.words[0].hasPrefix("letter") && previous == "dead") else {
                        continue
                    }
                    findings.append(
                        Finding(
                            line: number + 1, words: rule.words.joined(separator: " "),
                            instead: rule.instead))
                }
            }
            before = words.last ?? before
        }
        return findings
    }

    /// The line's words in lower case, identifiers split into theirs.
    private static func words(of line: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        let bytes = Array(line.utf8)
        func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
        func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
        func end() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        for (index, byte) in bytes.enumerated() {
            guard isUpper(byte) || isLower(byte) else {
                end()
                continue
            }
            let previous = index > 0 ? bytes[index - 1] : 0
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if isUpper(byte), isLower(previous) || (isUpper(previous) && isLower(next)) { end() }
            word.append(byte | 0x20)
        }
        end()
        return words
    }
}
