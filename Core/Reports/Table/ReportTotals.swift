import Payments

/// Adds up a table's totalled columns as its rows go by.
struct ReportTotals {
    private let columns: [ReportColumn]
    private var sums: [ReportCell]
    /// How many rows have gone by.
    private(set) var rowCount = 0

    init(_ columns: [ReportColumn]) {
        self.columns = columns
        sums = columns.map { _ in .empty }
    }

    /// - Throws: `MoneyError` where a sum leaves the range of 64-bit fen.
    mutating func add(_ row: [ReportCell]) throws {
        rowCount += 1
        for (index, column) in columns.enumerated() where column.isTotalled {
            switch (row[index], sums[index]) {
            case (.money(let money), .money(let sum)): sums[index] = .money(try sum.adding(money))
            case (.count(let count), .count(let sum)): sums[index] = .count(sum &+ count)
            case (.money, .empty), (.count, .empty): sums[index] = row[index]
            default: continue
            }
        }
    }

    /// The table's last row, with `label` in its first column; `nil` where no column is added up or
    /// there is no row.
    func row(label: String) -> [ReportCell]? {
        guard rowCount > 0, columns.contains(where: \.isTotalled) else { return nil }
        var row = sums
        if row.first == .empty { row[0] = .text(label) }
        return row
    }
}
