import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Collects the shared strings or the rows of one part of a spreadsheet, as its XML is read.
final class XLSXPart: NSObject, XMLParserDelegate {
    private(set) var rows: [BillRow] = []
    private(set) var strings: [String] = []
    /// The first cell that can't be read.
    private(set) var failure: BillError?

    private let sharedStrings: [String]
    private var rowNumber = 0
    private var cells: [String] = []
    private var column = 0
    private var cellType = ""
    private var text = ""
    private var isText = false
    private var isPhonetic = false

    // A bill has fewer columns: bounds the memory of a row.
    private static let columnLimit = 256

    init(sharedStrings: [String]) { self.sharedStrings = sharedStrings }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        switch Self.local(name) {
        case "row":
            rowNumber = attributes["r"].flatMap { Int($0) } ?? rowNumber + 1
            (cells, column) = ([], 0)
        case "c":
            column = attributes["r"].flatMap(Self.column) ?? column
            (cellType, text) = (attributes["t"] ?? "n", "")
        case "si": text = ""
        case "rPh": isPhonetic = true
        case "t": isText = !isPhonetic
        case "v": isText = true
        default: break
        }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
        if isText { text += characters }
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        switch Self.local(name) {
        case "t", "v": isText = false
        case "rPh": isPhonetic = false
        case "si": strings.append(text)
        case "c":
            put(value())
            column += 1
        case "row": rows.append(BillRow(number: rowNumber, content: .cells(cells)))
        default: break
        }
    }

    private func value() -> String {
        switch cellType {
        case "s":
            guard let index = Int(text), sharedStrings.indices.contains(index) else {
                fail("a cell refers to a shared text that is missing")
                return ""
            }
            return sharedStrings[index]
        case "n": return XLSXNumber.text(text)
        case "e":
            fail("a cell holds the error \(text.prefix(16))")
            return ""
        default: return text
        }
    }

    private func put(_ value: String) {
        guard !value.isEmpty else { return }
        guard column < Self.columnLimit else { return fail("it has too many columns") }
        while cells.count <= column { cells.append("") }
        cells[column] = value
    }

    private func fail(_ what: String) {
        failure = failure ?? .line(rowNumber, what)
    }

    /// The column of a reference: `AB12` → 27.
    private static func column(_ reference: String) -> Int? {
        var number = 0
        for byte in reference.utf8.prefix(while: { $0 >= 65 && $0 <= 90 }) {
            number = number * 26 + Int(byte) - 64
            guard number <= 16_384 else { return nil }
        }
        return number == 0 ? nil : number - 1
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }
}

/// A number as a spreadsheet stores it.
enum XLSXNumber {
    /// The number as a spreadsheet shows it: 15 significant digits, so that 98.499999999999986
    /// reads as 98.5.
    ///
    /// Decimal arithmetic throughout. A whole number stays as it is written: an order number that
    /// was rounded to an exponent must fail later checks.
    static func text(_ stored: String) -> String {
        let stored = stored.trimmingCharacters(in: .whitespacesAndNewlines)
        let hasFraction = stored.contains(".") || stored.uppercased().contains("E-")
        guard hasFraction, !stored.uppercased().contains("E+"),
            let number = Decimal(string: stored, locale: Locale(identifier: "en_US_POSIX"))
        else { return stored }
        let wholeDigits = max(number.exponent + significantDigits(number), 1)
        var (exact, rounded) = (number, Decimal())
        NSDecimalRound(&rounded, &exact, max(15 - wholeDigits, 0), .plain)
        return "\(rounded)"
    }

    private static func significantDigits(_ number: Decimal) -> Int {
        var rest = number.magnitude
        // As a whole number, its digits are those of its significand.
        rest = Decimal(
            sign: .plus, exponent: 0, significand: rest.significand)
        return "\(rest)".count
    }
}
