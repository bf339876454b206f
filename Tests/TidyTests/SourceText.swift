/// A Swift file with its comments and, where wanted, its string literals blanked out, so that a
/// search of code finds code. Line numbers stay as they are.
struct SourceText {
    /// Code with comments blanked.
    let withoutComments: String
    /// Code with comments and string literals blanked.
    let codeOnly: String
    /// The contents of the string literals, with the line each begins on, from 1.
    let literals: [(line: Int, text: String)]

    init(_ source: String) {
        var scanner = Scanner(source)
        scanner.run()
        withoutComments = String(decoding: scanner.withoutComments, as: UTF8.self)
        codeOnly = String(decoding: scanner.codeOnly, as: UTF8.self)
        literals = scanner.literals
    }

    /// The lines, from 1, whose code matches; `\b` stands between a dot and a word.
    func lines(matching pattern: Regex<Substring>) -> [Int] {
        let pattern = pattern.wordBoundaryKind(.simple)
        return codeOnly.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.contains(pattern) }
            .map { $0.offset + 1 }
    }
}

/// A scanner that knows comments (nested ones too) and string literals (raw and of several lines);
/// an interpolation counts as part of its literal.
private struct Scanner {
    private let source: [UInt8]
    private var index = 0
    private var line = 1
    private(set) var withoutComments: [UInt8] = []
    private(set) var codeOnly: [UInt8] = []
    private(set) var literals: [(line: Int, text: String)] = []

    init(_ text: String) { source = Array(text.utf8) }

    mutating func run() {
        while index < source.count {
            if starts("//") {
                while index < source.count, source[index] != UInt8(ascii: "\n") { blank() }
            } else if starts("/*") {
                skipBlockComment()
            } else if let hashes = literalStart() {
                readLiteral(hashes: hashes)
            } else {
                copy()
            }
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank()
            } else if starts("*/") {
                depth -= 1
                blank()
            }
            blank()
        } while depth > 0 && index < source.count
    }

    /// How many `#` stand before a quotation mark here; nil where no literal begins.
    private func literalStart() -> Int? {
        var end = index
        while end < source.count, source[end] == UInt8(ascii: "#") { end += 1 }
        guard end < source.count, source[end] == UInt8(ascii: "\"") else { return nil }
        return end - index
    }

    private mutating func readLiteral(hashes: Int) {
        let begin = line
        let pounds = String(repeating: "#", count: hashes)
        let isLong = starts(pounds + "\"\"\"")
        let quotes = isLong ? "\"\"\"" : "\""
        for _ in 0..<(hashes + quotes.utf8.count) { keepInLiteral() }
        let start = index
        var depth = 0
        while index < source.count {
            if starts("\\" + pounds + "(") {
                depth += 1
                for _ in 0..<(2 + hashes) { keepInLiteral() }
            } else if depth > 0 {
                if source[index] == UInt8(ascii: "(") { depth += 1 }
                if source[index] == UInt8(ascii: ")") { depth -= 1 }
                keepInLiteral()
            } else if starts("\\" + pounds) {
                for _ in 0..<(2 + hashes) { keepInLiteral() }
            } else if starts(quotes + pounds) || (!isLong && starts("\n")) {
                break
            } else {
                keepInLiteral()
            }
        }
        literals.append((begin, String(decoding: source[start..<index], as: UTF8.self)))
        for _ in 0..<(hashes + quotes.utf8.count) { keepInLiteral() }
    }

    private func starts(_ text: String) -> Bool {
        source[index...].starts(with: text.utf8)
    }

    private mutating func copy() { advance(comment: false, literal: false) }
    private mutating func blank() { advance(comment: true, literal: false) }
    private mutating func keepInLiteral() { advance(comment: false, literal: true) }

    private mutating func advance(comment: Bool, literal: Bool) {
        guard index < source.count else { return }
        let byte = source[index]
        let isBreak = byte == UInt8(ascii: "\n")
        withoutComments.append(comment && !isBreak ? UInt8(ascii: " ") : byte)
        codeOnly.append((comment || literal) && !isBreak ? UInt8(ascii: " ") : byte)
        if isBreak { line += 1 }
        index += 1
    }
}
