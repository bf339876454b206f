import CXLSXWriter
import Foundation
import Payments

/// A workbook by libxlsxwriter, in constant memory: a sheet for each table, its headings frozen and
/// repeated on each printed sheet of paper.
///
/// Numbers of orders and parties are text, so that no spreadsheet rounds them; money is a number of
/// yuan. What a sheet can't hold goes on in another one.
final class XLSXReport: ReportWriter {
    private let path: String
    private let report: Report
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private let formats: XLSXFormats
    private var isClosed = false

    private var table: ReportTable?
    private var sheet: UnsafeMutablePointer<lxw_worksheet>?
    private var sheetNumber = 0
    private var nextRow: UInt32 = 0
    private var headingRow: UInt32 = 0
    private let rowsPerSheet: UInt32

    /// - Parameter rowsPerSheet: the format's own limit is 1,048,576.
    init(_ report: Report, path: String, rowsPerSheet: UInt32 = 1_048_000) throws {
        self.path = path
        self.report = report
        self.rowsPerSheet = rowsPerSheet
        // The library would find out at the end, and write to standard error.
        _ = try TextFile(path)
        var options = lxw_workbook_options()
        options.constant_memory = 1
        options.use_zip64 = 1
        guard let workbook = workbook_new_opt(path, &options) else {
            throw ReportError.file(path, reason: "no memory for a workbook")
        }
        self.workbook = workbook
        formats = XLSXFormats(workbook)
        try Self.describe(workbook, as: report, path: path)
    }

    deinit { if !isClosed { lxw_workbook_free(workbook) } }

    func begin(_ table: ReportTable) throws {
        self.table = table
        sheetNumber = 1
        try openSheet()
    }

    func write(_ row: [ReportCell]) throws {
        if nextRow >= rowsPerSheet {
            sheetNumber += 1
            try openSheet()
        }
        try put(row, bold: false)
    }

    func end(totals: [ReportCell]?) throws {
        guard let sheet, let table else { return }
        if nextRow > headingRow + 1 {
            try check(
                worksheet_autofilter(
                    sheet, headingRow, 0, nextRow - 1, UInt16(table.columns.count - 1)))
        }
        if let totals { try put(totals, bold: true) }
    }

    func finish() throws {
        isClosed = true
        try check(workbook_close(workbook))
    }

    private func openSheet() throws {
        guard let table else { return }
        let name = sheetNumber == 1 ? table.title : "\(table.title) (\(sheetNumber))"
        guard let sheet = workbook_add_worksheet(workbook, name) else {
            throw ReportError.file(path, reason: "it can't hold a sheet named '\(name)'")
        }
        self.sheet = sheet
        nextRow = 0
        for (index, column) in table.columns.enumerated() {
            let place = UInt16(index)
            try check(worksheet_set_column(sheet, place, place, Double(column.width), nil))
        }
        try putTitle(of: table)
        headingRow = nextRow
        try makeRoom(for: table.columns.map { .text($0.heading) })
        for (index, column) in table.columns.enumerated() {
            let format = column.isFigure ? formats.figureHeading : formats.heading
            try check(
                worksheet_write_string(sheet, headingRow, UInt16(index), column.heading, format))
        }
        nextRow += 1
        try setUp(sheet)
    }

    private func putTitle(of table: ReportTable) throws {
        try check(worksheet_set_row(sheet, nextRow, 21, nil))
        try check(worksheet_write_string(sheet, nextRow, 0, report.title, formats.title))
        nextRow += 1
        for fact in report.facts where sheetNumber == 1 && table.name == report.tables.first?.name {
            let text = "\(fact.name): \(fact.value)"
            try check(worksheet_write_string(sheet, nextRow, 0, text, formats.plain))
            nextRow += 1
        }
        nextRow += 1
    }

    // Landscape on A4, one page wide, with the title, the page and the headings on each.
    private func setUp(_ sheet: UnsafeMutablePointer<lxw_worksheet>) throws {
        worksheet_freeze_panes(sheet, headingRow + 1, 1)
        worksheet_set_landscape(sheet)
        worksheet_set_paper(sheet, 9)
        worksheet_fit_to_pages(sheet, 1, 0)
        try check(worksheet_repeat_rows(sheet, headingRow, headingRow))
        try check(worksheet_set_footer(sheet, "&L&A&R\(report.labels.page) &P / &N"))
    }

    private func put(_ row: [ReportCell], bold: Bool) throws {
        try makeRoom(for: row)
        for (index, cell) in row.enumerated() {
            let place = UInt16(index)
            switch cell {
            case .text(let text):
                let format = bold ? formats.boldText : formats.text
                try check(
                    worksheet_write_string(sheet, nextRow, place, Self.fitting(text), format))
            case .time(let time):
                try check(
                    worksheet_write_string(sheet, nextRow, place, time.shanghai, formats.text))
            case .count(let count):
                let format = bold ? formats.boldCount : formats.count
                try check(worksheet_write_number(sheet, nextRow, place, Double(count), format))
            case .money(let money):
                let format = bold ? formats.boldMoney : formats.money
                let yuan = Double(money.fen) / 100
                try check(worksheet_write_number(sheet, nextRow, place, yuan, format))
            case .empty where bold:
                try check(worksheet_write_blank(sheet, nextRow, place, formats.boldText))
            case .empty: continue
            }
        }
        nextRow += 1
    }

    /// Makes the next row as high as its longest text needs: not every program does it by itself.
    private func makeRoom(for row: [ReportCell]) throws {
        guard let table else { return }
        var lines = 1
        for (column, cell) in zip(table.columns, row) {
            guard case .text(let text) = cell else { continue }
            lines = max(lines, Self.lines(of: text, width: column.width))
        }
        guard lines > 1 else { return }
        let height = Double(min(lines, 27)) * LXW_DEF_ROW_HEIGHT
        try check(worksheet_set_row(sheet, nextRow, height, nil))
    }

    /// How many lines a text needs, with its indent.
    private static func lines(of text: String, width: Int) -> Int {
        (text.displayWidth + 2 + width - 1) / width
    }

    /// A cell holds 32,767 characters, and XML no control characters.
    private static func fitting(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\t" || $0 == "\n" }
                    .prefix(16_000)))
    }

    private func check(_ code: lxw_error) throws {
        guard code != LXW_NO_ERROR else { return }
        throw Self.failure(path, code)
    }

    private static func failure(_ path: String, _ code: lxw_error) -> ReportError {
        .file(path, reason: lxw_strerror(code).map { String(cString: $0) } ?? "error \(code)")
    }

    private static func describe(
        _ workbook: UnsafeMutablePointer<lxw_workbook>, as report: Report, path: String
    ) throws {
        try report.title.withCString { title in
            try "Tallyhouse".withCString { author in
                var properties = lxw_doc_properties()
                properties.title = UnsafeMutablePointer(mutating: title)
                properties.author = UnsafeMutablePointer(mutating: author)
                properties.created = time_t(report.asOf.microseconds / 1_000_000)
                let code = workbook_set_properties(workbook, &properties)
                guard code == LXW_NO_ERROR else { throw failure(path, code) }
            }
        }
    }
}
