import Payments

/// Rows under headings, each column as wide as its widest cell on a terminal.
struct TextTable {
    let headings: [String]
    /// Columns of numbers, by their index from 0.
    var rightAligned: Set<Int> = []
    var rows: [[String]] = []

    var lines: [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in
            all.map { $0[column].displayWidth }.max() ?? 0
        }
        return all.map { row in
            row.indices.map { column in
                let cell = row[column]
                let spaces = String(repeating: " ", count: widths[column] - cell.displayWidth)
                if rightAligned.contains(column) { return spaces + cell }
                return column == row.count - 1 ? cell : cell + spaces
            }
            .joined(separator: "  ")
        }
    }
}
