import Channels
import Payments

/// A bill's parts: account, day, columns by name, rows and footers.
struct AlipayBillSheet {
    let account: String
    let day: BusinessDay
    /// The rows between the markers.
    let rows: [BillRow]
    /// The comments after the end marker, with their numbers.
    let footers: [(number: Int, text: String)]
    private let columns: [String: Int]
    private let lastLine: Int

    private static let listEnd = "列表结束"

    init(_ rows: [BillRow]) throws(BillError) {
        var comments: [(number: Int, text: String)] = []
        var index = 0
        while index < rows.count, rows[index].comment != nil || rows[index].isEmpty {
            if let text = rows[index].comment {
                comments.append((number: rows[index].number, text: Self.plain(text)))
            }
            index += 1
        }
        guard index < rows.count else { throw .incomplete(missing: "the line of column names") }
        account = try Self.account(in: comments)
        day = try Self.day(in: comments)
        columns = try Self.columns(rows[index])
        let first = index + 1
        let end = rows[first...].firstIndex { $0.comment?.contains(Self.listEnd) == true }
        guard let end else {
            throw .line(
                rows.last?.number ?? 0,
                "the file ends here: the marker '\(Self.listEnd)' is missing; fetch it again")
        }
        lastLine = rows.last?.number ?? 0
        self.rows = rows[first..<end].filter { !$0.isEmpty }
        footers = rows[end...].compactMap { row in
            row.comment.map { (number: row.number, text: Self.plain($0)) }
        }
    }

    /// The cells of a row by the names of their columns.
    func record(_ row: BillRow, free: String) throws(BillError) -> AlipayBillRecord {
        guard let cells = row.cells(count: columns.count, free: columns[free]) else {
            throw .line(row.number, "the number of cells is not the header's \(columns.count)")
        }
        return AlipayBillRecord(number: row.number, cells: cells, columns: columns)
    }

    /// Refuses a header without these columns.
    func require(_ names: [String]) throws(BillError) {
        for name in names where columns[name] == nil {
            throw .incomplete(missing: "the column '\(name)'")
        }
    }

    /// A footer such as `#交易合计：4笔，商家实收共12528.18元，…`: how many, and how much.
    func footer(_ name: String) throws(BillError) -> (line: Int, count: Int, total: Money) {
        guard let footer = footers.first(where: { $0.text.contains(name + ":") }) else {
            throw .line(
                lastLine, "the file ends here: the footer '\(name)' is missing; fetch it again")
        }
        guard let match = footer.text.firstMatch(of: /:\s*(\d+)笔[^共]*共(-?[\d.]+)元/),
            let count = Int(match.1), let total = try? Money(yuan: String(match.2))
        else { throw .line(footer.number, "the footer '\(name)' can't be read") }
        return (footer.number, count, total)
    }

    private static func account(
        in comments: [(number: Int, text: String)]
    ) throws(BillError) -> String {
        for comment in comments {
            if let match = comment.text.firstMatch(of: /账号:\s*\[([^\]]+)\]/) {
                return String(match.1)
            }
        }
        throw .incomplete(missing: "the account")
    }

    private static func day(
        in comments: [(number: Int, text: String)]
    ) throws(BillError) -> BusinessDay {
        let date = /(\d{4})年(\d{2})月(\d{2})日 00:00:00/
        for comment in comments where comment.text.contains("起始日期") {
            let days = comment.text.matches(of: date)
                .compactMap { BusinessDay("\($0.1)-\($0.2)-\($0.3)") }
            guard days.count == 2, let start = days.first, days.last == start.next else {
                throw .line(comment.number, "the bill isn't of one day, from midnight to midnight")
            }
            return start
        }
        throw .incomplete(missing: "the day")
    }

    private static func columns(_ header: BillRow) throws(BillError) -> [String: Int] {
        var columns: [String: Int] = [:]
        var cells = header.headerCells.map(plain)
        while cells.last?.isEmpty == true { cells.removeLast() }
        for (index, name) in cells.enumerated() {
            guard columns.updateValue(index, forKey: name) == nil else {
                throw .line(header.number, "the column '\(name)' is repeated")
            }
        }
        return columns
    }

    /// Full-width punctuation as half-width: exports differ.
    private static func plain(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "（": output += "("
            case "）": output += ")"
            case "：": output += ":"
            case "，": output += ","
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}

/// A row of a bill by the names of its columns.
struct AlipayBillRecord {
    let number: Int
    let cells: [String]
    let columns: [String: Int]

    /// A cell; empty where the bill has no such column.
    subscript(name: String) -> String { columns[name].map { cells[$0] } ?? "" }

    func money(_ name: String) throws(BillError) -> Money {
        do {
            return try Money(yuan: self[name])
        } catch {
            throw .line(number, "\(name): \(error)")
        }
    }

    func time(_ name: String) throws(BillError) -> Timestamp {
        guard let time = Timestamp(shanghai: self[name]) else {
            throw .line(number, "\(name): '\(self[name].prefix(32))' is not a time")
        }
        return time
    }

    /// The number of a trade, an order or a refund.
    func identifier(_ name: String) throws(BillError) -> String {
        let text = self[name]
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "#"):
                true
            default: false
            }
        }
        guard !text.isEmpty, text.utf8.count <= 64, isPlain else {
            throw .line(
                number,
                "\(name): '\(text.prefix(64))' is not a number of 1 to 64 characters, as text")
        }
        return text
    }
}
