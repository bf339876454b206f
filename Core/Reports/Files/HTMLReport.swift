import Payments
import Sentences

/// A page without links or scripts: it opens anywhere, and prints on A4 with the headings of a
/// table on each sheet.
struct HTMLReport: ReportWriter {
    private let file: TextFile
    private let report: Report
    private var columns: [ReportColumn] = []
    private var rowCount = 0

    init(_ report: Report, path: String) throws {
        file = try TextFile(path)
        self.report = report
        let title = Self.escaped(report.title)
        try file.append(
            """
            <!doctype html>
            <html lang="\(report.language == .zh ? "zh-CN" : "en")">
            <head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>\(Self.style)</style></head>
            <body><main><h1>\(title)</h1>

            """)
        guard !report.facts.isEmpty else { return }
        let facts = report.facts.map {
            "<dt>\(Self.escaped($0.name))</dt><dd>\(Self.escaped($0.value))</dd>\n"
        }
        try file.append("<dl>\n\(facts.joined())</dl>\n")
    }

    mutating func begin(_ table: ReportTable) throws {
        columns = table.columns
        rowCount = 0
        let headings = columns.map {
            "<th scope=\"col\"\(Self.kind($0))>\(Self.escaped($0.heading))</th>"
        }
        try file.append(
            """
            <section><h2>\(Self.escaped(table.title))</h2>
            <div class="wide" tabindex="0" role="region" aria-label="\(Self.escaped(table.title))">
            <table><thead><tr>\(headings.joined())</tr></thead>
            <tbody>

            """)
    }

    mutating func write(_ row: [ReportCell]) throws {
        rowCount += 1
        try file.append("<tr>\(cells(row))</tr>\n")
    }

    mutating func end(totals: [ReportCell]?) throws {
        if rowCount == 0 {
            try file.append(
                "<tr><td colspan=\"\(columns.count)\">\(Self.escaped(report.labels.noRows))"
                    + "</td></tr>\n")
        }
        try file.append("</tbody>\n")
        if let totals { try file.append("<tfoot><tr>\(cells(totals))</tr></tfoot>\n") }
        try file.append("</table></div></section>\n")
    }

    func finish() throws {
        try file.append("</main></body></html>\n")
        try file.flush()
    }

    private func cells(_ row: [ReportCell]) -> String {
        zip(columns, row).map { "<td\(Self.kind($0))>\(Self.text($1))</td>" }.joined()
    }

    private static func kind(_ column: ReportColumn) -> String {
        column.isFigure ? " class=\"figure\"" : ""
    }

    private static func text(_ cell: ReportCell) -> String {
        switch cell {
        case .text(let text): escaped(text)
        case .count(let count): String(count)
        case .money(let money): money.grouped
        case .time(let time): time.shanghai
        case .empty: ""
        }
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    private static let style = """
        :root { color-scheme: light dark; }
        body { font: 14px/1.45 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; }
        dt { opacity: .75; } dd { margin: 0; font-variant-numeric: tabular-nums; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; }
        th, td { padding: .3rem .7rem; text-align: left; border-bottom: 1px solid #8884;
          white-space: nowrap; }
        th { border-bottom: 2px solid #888; }
        .figure { text-align: right; font-variant-numeric: tabular-nums; }
        tfoot td { font-weight: 600; border-top: 2px solid #888; }
        @page { size: A4 landscape; margin: 12mm; }
        @media print { body { margin: 0; font-size: 9px; color: #000; } .wide { overflow: visible; }
          thead { display: table-header-group; } tfoot { display: table-row-group; }
          tr { break-inside: avoid; } th, td { padding: .15rem .35rem; white-space: normal;
          overflow-wrap: anywhere; } }
        """
}

extension Money {
    /// Yuan with thousands separated: `-1,234.50`.
    var grouped: String {
        let text = yuan
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".")
        var whole = ""
        for (index, digit) in parts[0].enumerated() {
            if index > 0, (parts[0].count - index) % 3 == 0 { whole.append(",") }
            whole.append(digit)
        }
        return (isNegative ? "-" : "") + whole + "." + parts[1]
    }
}
