import Payments

/// A table as RFC 4180: commas, CRLF, a heading line, UTF-8.
struct CSVReport: ReportWriter {
    private let file: TextFile

    /// - Parameter hasMark: whether the file begins with a byte order mark, without which older
    ///   spreadsheets read Chinese in the local encoding.
    init(path: String, hasMark: Bool) throws {
        file = try TextFile(path)
        if hasMark { try file.append("\u{FEFF}") }
    }

    func begin(_ table: ReportTable) throws {
        try line(table.columns.map { Self.quoted($0.heading) })
    }

    func write(_ row: [ReportCell]) throws { try line(row.map(Self.text)) }

    // A total would be read as one more row.
    func end(totals: [ReportCell]?) {}

    func finish() throws { try file.flush() }

    private func line(_ fields: [String]) throws {
        try file.append(fields.joined(separator: ",") + "\r\n")
    }

    private static func text(_ cell: ReportCell) -> String {
        switch cell {
        case .text(let text): quoted(harmless(text))
        case .count(let count): String(count)
        case .money(let money): money.yuan
        case .time(let time): time.shanghai
        case .empty: ""
        }
    }

    /// Text that a spreadsheet would run as a formula gets an apostrophe in front, as
    /// https://owasp.org/www-community/attacks/CSV_Injection recommends.
    static func harmless(_ text: String) -> String {
        let dangerous: Set<Character> = ["=", "+", "-", "@", "\t", "\r", "\n", "\r\n"]
        return text.first.map(dangerous.contains) == true ? "'" + text : text
    }

    static func quoted(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains {
            $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n"
        }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
