/// A bill's file, however it is packed: opened by what it holds, not by its name.
enum BillFile {
    // The largest bill that is read, unpacked.
    private static let csvLimit = 1024 * 1024 * 1024
    private static let summaryMark = "汇总"

    /// The rows of the file that is of a kind.
    static func rows(of bytes: [UInt8], _ kind: BillKind) throws(BillError) -> [BillRow] {
        guard ZipArchive.isZip(bytes) else { return try textRows(bytes, kind) }
        let archive: ZipArchive
        do { archive = try ZipArchive(bytes) } catch { throw .archive(error) }
        if archive.members.contains(where: { $0.text == "xl/workbook.xml" }) {
            return try XLSXBook(archive).rows(kind)
        }
        // The order of members is not fixed; the summary has the same name with a mark.
        let wanted = archive.members.filter {
            $0.text.contains(kind.memberMark) && !$0.text.contains(summaryMark)
        }
        guard let member = wanted.first, wanted.count == 1 else {
            throw .member(wanted: kind.memberMark, found: wanted.count)
        }
        let content: [UInt8]
        do {
            content = try archive.extract(member, limit: csvLimit)
        } catch {
            throw .archive(error)
        }
        return try textRows(content, kind)
    }

    private static func textRows(
        _ bytes: [UInt8], _ kind: BillKind
    ) throws(BillError) -> [BillRow] {
        let rows = lines(try text(bytes))
        guard rows.first?.comment?.contains(kind.title) == true else {
            throw .notABill("it doesn't begin with \(kind.title)")
        }
        return rows
    }

    /// UTF-8 bytes of UTF-8 or GBK.
    private static func text(_ bytes: [UInt8]) throws(BillError) -> [UInt8] {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return Array(bytes.dropFirst(3)) }
        if String(validating: bytes, as: UTF8.self) != nil { return bytes }
        do {
            return try GBK.utf8(bytes)
        } catch {
            throw .notABill("it is neither UTF-8 nor GBK: \(error)")
        }
    }

    /// Lines that end with CRLF or LF.
    private static func lines(_ text: [UInt8]) -> [BillRow] {
        var rows: [BillRow] = []
        for (index, line) in text.split(separator: 10, omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = line.last == 13 ? line.dropLast() : line
            rows.append(BillRow(number: index + 1, content: .line(line)))
        }
        return rows
    }
}

/// A kind of bill (channel protocol §5).
enum BillKind: Sendable {
    case trade
    case account

    /// What its first line says.
    var title: String {
        switch self {
        case .trade: "支付宝业务明细查询"
        case .account: "支付宝账务明细查询"
        }
    }

    /// What its name in the archive holds.
    var memberMark: String {
        switch self {
        case .trade: "业务明细"
        case .account: "账务明细"
        }
    }
}
