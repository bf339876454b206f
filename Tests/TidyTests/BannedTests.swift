import Testing

@Suite struct BannedTests {
    @Test func nothingStopsTheProcessByItself() throws {
        try expectNone(
            // One of our own with a label, as in fatalError(of: client), is another function.
            of:
                #/
                \b(?:fatalError|preconditionFailure|assertionFailure)\((?!\w+(?:\s+\w+)?:)
                | \btry! | \bas!
                /#,
            in: Repository.product, because: "throw an error that says what to do")
    }

    @Test func librariesDoNotPrint() throws {
        try expectNone(
            of: /(?:^|[^.\w])(?:print|debugPrint|dump|NSLog)\(/,
            in: Repository.product.filter { !$0.hasPrefix("Workers/tally/") },
            because: "log, or return the text to the command")
    }

    @Test func uncheckedSendableIsProved() throws {
        for file in Repository.product {
            let lines = try Repository.lines(file)
            for (number, line) in lines.enumerated() where line.contains("@unchecked Sendable") {
                if line.contains(/^\s*\/\//) { continue }
                let place = "\(file):\(number + 1)"
                #expect(
                    file.hasPrefix("Core/Kafka/") || file.hasPrefix("Core/Postgres/"),
                    "\(place): only Core/Kafka and Core/Postgres may be unchecked")
                let before = lines[..<number].suffix(12)
                #expect(
                    before.contains { $0.contains(/^\s*\/\//) },
                    "\(place): say in a comment above why it is safe")
            }
        }
    }

    @Test func nothingIsLeftToDo() throws {
        for file in Repository.product {
            for (number, line) in try Repository.lines(file).enumerated() {
                let found = line.contains(/\b(TODO|FIXME|XXX|HACK)\b/)
                #expect(!found, "\(file):\(number + 1): do it, or open an issue")
            }
        }
    }

    @Test func testsDoNotSleepAndAreNotSkipped() throws {
        try expectNone(
            of: /\.disabled\(|\bwithKnownIssue\(|\busleep\(/,
            in: Repository.swift.filter {
                $0.hasPrefix("Tests/") && !$0.hasPrefix("Tests/TidyTests/")
            }, because: "a test runs and proves something")
    }

    private func expectNone(
        of pattern: Regex<Substring>, in files: [String], because: String
    ) throws {
        for file in files {
            for line in SourceText(try Repository.text(file)).lines(matching: pattern) {
                Issue.record("\(file):\(line): \(because)")
            }
        }
    }
}
