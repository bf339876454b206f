/// A row of a bill's file, not yet interpreted.
public struct BillRow: Sendable {
    enum Content: Sendable {
        /// A line of text, without its line end.
        case line(ArraySlice<UInt8>)
        /// Cells of a spreadsheet.
        case cells([String])
    }

    /// The line of the file, or the row of the sheet, from 1.
    public let number: Int
    let content: Content

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")

    /// The text of a row that begins with `#`.
    public var comment: String? {
        switch content {
        case .line(let line):
            line.first == UInt8(ascii: "#") ? String(decoding: line, as: UTF8.self) : nil
        case .cells(let cells):
            cells.first.flatMap { $0.hasPrefix("#") ? $0 : nil }
        }
    }

    /// Whether every cell is blank.
    public var isEmpty: Bool {
        switch content {
        case .line(let line): Self.trimmed(line).isEmpty
        case .cells(let cells): cells.allSatisfy { Self.text($0.utf8).isEmpty }
        }
    }

    /// The cells, trimmed of blanks and tabs.
    /// - Parameters:
    ///   - count: how many there should be.
    ///   - free: the column whose text may hold unquoted commas: excess cells are joined into it.
    /// - Returns: `nil` where the row has too few cells, or too many and `free` is `nil`.
    public func cells(count: Int, free: Int?) -> [String]? {
        switch content {
        case .cells(let cells):
            let used = cells.prefix(count).map { Self.text($0.utf8) }
            guard cells.dropFirst(count).allSatisfy({ Self.text($0.utf8).isEmpty }) else {
                return nil
            }
            return used + Array(repeating: "", count: count - used.count)
        case .line(let line):
            var parts = line.split(separator: Self.comma, omittingEmptySubsequences: false)
            if parts.count > count {
                if let quoted = Self.quotedCells(line), quoted.count == count {
                    return quoted.map { Self.text($0) }
                }
                guard let free, free < count else { return nil }
                let end = free + parts.count - count
                parts.replaceSubrange(
                    free...end, with: [line[parts[free].startIndex..<parts[end].endIndex]])
            }
            guard parts.count == count else { return nil }
            return parts.map { Self.text($0) }
        }
    }

    /// All cells, trimmed: for the header row.
    public var headerCells: [String] {
        switch content {
        case .cells(let cells): cells.map { Self.text($0.utf8) }
        case .line(let line):
            line.split(separator: Self.comma, omittingEmptySubsequences: false)
                .map { Self.text($0) }
        }
    }

    // A spreadsheet that saves the bill as CSV quotes cells that hold commas (RFC 4180).
    private static func quotedCells(_ line: ArraySlice<UInt8>) -> [[UInt8]]? {
        var cells: [[UInt8]] = [[]]
        var rest = line
        while let byte = rest.popFirst() {
            if byte == comma {
                cells.append([])
            } else if byte == quote, cells[cells.count - 1].isEmpty {
                while true {
                    guard let next = rest.popFirst() else { return nil }
                    if next != quote {
                        cells[cells.count - 1].append(next)
                    } else if rest.first == quote {
                        rest.removeFirst()
                        cells[cells.count - 1].append(quote)
                    } else {
                        break
                    }
                }
                guard rest.first == nil || rest.first == comma else { return nil }
            } else {
                cells[cells.count - 1].append(byte)
            }
        }
        return cells
    }

    private static func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        String(decoding: trimmed(bytes), as: UTF8.self)
    }

    private static func trimmed<Bytes: BidirectionalCollection<UInt8>>(
        _ bytes: Bytes
    ) -> Bytes.SubSequence {
        let isBlank = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 13 }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return bytes[bytes.endIndex...] }
        return bytes[first...last]
    }
}
