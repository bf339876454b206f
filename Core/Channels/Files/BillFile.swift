/// The rows of a bill's file: CSV in UTF-8 or GBK, a spreadsheet, or a zip of CSV files. The format
/// is found by content, not by name.
public enum BillFile {
    // In bytes, unpacked.
    private static let csvLimit = 1024 * 1024 * 1024

    /// The rows of the file that is of a kind.
    /// - Throws: `BillError` for a file that isn't of the kind, or isn't whole.
    public static func rows(of bytes: [UInt8], _ kind: BillKind) throws(BillError) -> [BillRow] {
        guard ZipArchive.isZip(bytes) else { return try textRows(bytes, kind) }
        let archive: ZipArchive
        do { archive = try ZipArchive(bytes) } catch { throw .archive(error) }
        if archive.members.contains(where: { $0.text == "xl/workbook.xml" }) {
            return try XLSXBook(archive).rows(kind)
        }
        // Their order is not fixed; a summary may have the detail's name with a mark.
        let wanted = archive.members.filter {
            $0.text.contains(kind.fileMark) && !$0.text.contains(kind.otherMark)
        }
        guard let member = wanted.first, wanted.count == 1 else {
            throw .member(wanted: kind.fileMark, found: wanted.count)
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

/// How a channel's export of one kind of bill is recognised.
public struct BillKind: Sendable {
    /// A part of the first row's text.
    public let title: String
    /// A part of the detail file's name inside the archive.
    public let fileMark: String
    /// A part of names inside the archive that are not the detail file.
    public let otherMark: String

    /// A kind by its marks.
    public init(title: String, fileMark: String, otherMark: String) {
        self.title = title
        self.fileMark = fileMark
        self.otherMark = otherMark
    }
}
