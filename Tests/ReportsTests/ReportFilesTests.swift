import Channels
import Foundation
import Payments
import Sentences
import Testing

@testable import Reports

/// The files that the writers make of the same two rows.
@Suite struct ReportFilesTests {
    private static let table = ReportTable(
        name: "items", title: "Items & <more>",
        columns: [
            .text("Order", width: 20), .count("Lines"), .money("Amount"), .time("Paid at"),
        ], rows: { _, _ in })
    private static let report = Report(
        title: "Settlement 2026-11-20", facts: [("Amounts", "yuan")], tables: [table],
        language: .en, asOf: Timestamp(microseconds: 1_795_190_400_000_000))
    // 19 digits: as a number a spreadsheet would round them.
    private static let rows: [[ReportCell]] = [
        [
            .text("9007199254740993123"), .count(2), .money(Money(fen: -123_456)),
            .time(Timestamp(microseconds: 1_795_147_200_000_000)),
        ],
        [.text("=HYPERLINK(\"x\"),<b>"), .empty, .money(Money(fen: 1)), .empty],
    ]

    @Test func aCSVFileQuotesAndIsNoFormula() throws {
        let text = try Self.written { try CSVReport(path: $0, hasMark: false) }
        #expect(
            text
                == [
                    "Order,Lines,Amount,Paid at",
                    "9007199254740993123,2,-1234.56,2026-11-20 12:00:00",
                    "\"'=HYPERLINK(\"\"x\"\"),<b>\",,0.01,", "",
                ].joined(separator: "\r\n"))
    }

    @Test(arguments: ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
    func whatASpreadsheetWouldRunGetsAnApostrophe(text: String) {
        #expect(CSVReport.harmless(text) == "'" + text)
    }

    @Test func aCSVFileWithAMarkBeginsWithIt() throws {
        let text = try Self.written { try CSVReport(path: $0, hasMark: true) }
        #expect(Array(text.utf8.prefix(4)) == [0xEF, 0xBB, 0xBF, UInt8(ascii: "O")])
    }

    @Test func aPageEscapesAndTotals() throws {
        let page = try Self.written { try HTMLReport(Self.report, path: $0) }
        #expect(page.contains("<html lang=\"en\">"))
        #expect(page.contains("<h2>Items &amp; &lt;more&gt;</h2>"))
        #expect(page.contains("=HYPERLINK(&quot;x&quot;),&lt;b&gt;"))
        #expect(!page.contains("<b>"))
        #expect(page.contains("<td class=\"figure\">-1,234.56</td>"))
        #expect(page.contains("<tfoot><tr><td>Total</td><td class=\"figure\">2</td>"))
        #expect(page.contains("<td class=\"figure\">-1,234.55</td>"))
    }

    @Test func aWorkbookHoldsNumbersAsTextAndMoneyAsNumbers() throws {
        let sheet = try Self.part("xl/worksheets/sheet1.xml") {
            try XLSXReport(Self.report, path: $0)
        }
        #expect(sheet.contains("<t>9007199254740993123</t>"))
        #expect(sheet.contains("<v>-1234.56</v>"))
        #expect(sheet.contains("<v>-1234.55</v>"), "the total")
        #expect(sheet.contains("state=\"frozen\""))
        #expect(sheet.contains("orientation=\"landscape\""))
        // Text that begins with = is text.
        #expect(!sheet.contains("<f>"))
    }

    @Test func aSheetThatIsFullGoesOnInAnother() throws {
        let second = try Self.part("xl/worksheets/sheet2.xml") {
            try XLSXReport(Self.report, path: $0, rowsPerSheet: 5)
        }
        #expect(second.contains("<t>Order</t>"), "its headings")
        #expect(second.contains("=HYPERLINK"))
    }

    @Test func theSameDataMakesTheSameBytes() throws {
        let book = try Self.file { try XLSXReport(Self.report, path: $0) }
        #expect(try Self.file { try XLSXReport(Self.report, path: $0) } == book)
        // Time and date of the archive's first member: 1980-01-01, not now.
        #expect(Array(book[10..<14]) == [0, 0, 0x21, 0])
        let properties = try Self.part("docProps/core.xml") {
            try XLSXReport(Self.report, path: $0)
        }
        #expect(properties.contains(">2026-11-20T16:00:00Z</dcterms:created>"))
    }

    @Test func aFolderThatIsNotThereIsNamed() throws {
        let error = #expect(throws: ReportError.self) {
            try CSVReport(path: "/nowhere/at/all.csv", hasMark: false)
        }
        #expect(error?.description.hasPrefix("/nowhere/at/all.csv can't be written: ") == true)
        #expect(throws: ReportError.self) {
            let book = try XLSXReport(Self.report, path: "/nowhere/at/all.xlsx")
            try book.begin(Self.table)
            try book.finish()
        }
    }

    private static func file(_ make: (String) throws -> any ReportWriter) throws -> Data {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("report-\(UUID().uuidString)").path
        defer { unlink(path) }
        var writer = try make(path)
        try writer.begin(table)
        var totals = ReportTotals(table.columns)
        for row in rows {
            try totals.add(row)
            try writer.write(row)
        }
        try writer.end(totals: totals.row(label: "Total"))
        try writer.finish()
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    private static func written(_ make: (String) throws -> any ReportWriter) throws -> String {
        String(decoding: try file(make), as: UTF8.self)
    }

    private static func part(
        _ name: String, _ make: (String) throws -> any ReportWriter
    ) throws -> String {
        let archive = try ZipArchive(Array(try file(make)))
        let member = try #require(archive.members.first { $0.text == name })
        return String(decoding: try archive.extract(member, limit: 1 << 20), as: UTF8.self)
    }
}
