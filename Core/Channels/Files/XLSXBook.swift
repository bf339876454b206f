import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A bill saved as a spreadsheet: the same rows, comments in column A.
struct XLSXBook {
    private let archive: ZipArchive

    // In bytes, unpacked.
    private static let partLimit = 256 * 1024 * 1024

    init(_ archive: ZipArchive) { self.archive = archive }

    /// The rows of the sheet that holds a bill of this kind.
    func rows(_ kind: BillKind) throws(BillError) -> [BillRow] {
        let shared = try sharedStrings()
        // The sheet is found by its content; the workbook's names are not used.
        let sheets = archive.members.filter {
            $0.text.hasPrefix("xl/worksheets/") && $0.text.hasSuffix(".xml")
        }
        for sheet in sheets.sorted(by: { $0.text < $1.text }) {
            let part = XLSXPart(sharedStrings: shared)
            try parse(sheet, part)
            if let failure = part.failure { throw failure }
            if part.rows.first?.comment?.contains(kind.title) == true { return part.rows }
        }
        throw .notABill("no sheet of the workbook begins with \(kind.title)")
    }

    private func sharedStrings() throws(BillError) -> [String] {
        guard let member = archive.members.first(where: { $0.text == "xl/sharedStrings.xml" })
        else { return [] }
        let part = XLSXPart(sharedStrings: [])
        try parse(member, part)
        return part.strings
    }

    private func parse(_ member: ZipArchive.Member, _ part: XLSXPart) throws(BillError) {
        let bytes: [UInt8]
        do {
            bytes = try archive.extract(member, limit: Self.partLimit)
        } catch {
            throw .archive(error)
        }
        // A spreadsheet declares no entities: refuse entity expansion.
        guard !bytes.prefix(4096).contains(Array("<!DOCTYPE".utf8)) else {
            throw .notABill("\(member.text) declares a document type")
        }
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        parser.delegate = part
        guard parser.parse() else {
            throw .notABill(
                "\(member.text) is not XML from line \(parser.lineNumber) on; save it again")
        }
    }
}
