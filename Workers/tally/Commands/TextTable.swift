/// Rows under headings, each column as wide as its widest cell.
struct TextTable {
    let headings: [String]
    /// Columns whose cells end below each other: numbers.
    var rightAligned: Set<Int> = []
    var rows: [[String]] = []

    var lines: [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in
            all.map { $0[column].count }.max() ?? 0
        }
        return all.map { row in
            row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                if rightAligned.contains(column) { return blanks + row[column] }
                return column == row.count - 1 ? row[column] : row[column] + blanks
            }
            .joined(separator: "  ")
        }
    }
}

extension BinaryInteger {
    /// With a comma after each thousand.
    var grouped: String {
        var digits = String(magnitude)
        var parts: [Substring] = []
        while digits.count > 3 {
            parts.insert(digits.suffix(3), at: 0)
            digits.removeLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits[...]] + parts).joined(separator: ",")
    }
}

extension Duration {
    /// As a person says it, roughly: `45 s`, `12 min`, `3 h`, `5 d`.
    var rough: String {
        let seconds = max(0, components.seconds)
        return switch seconds {
        case ..<90: "\(seconds) s"
        case ..<5_400: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
