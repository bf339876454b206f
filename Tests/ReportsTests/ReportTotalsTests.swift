import Payments
import Testing

@testable import Reports

@Suite struct ReportTotalsTests {
    private static let columns: [ReportColumn] = [
        .text("Order", width: 9), .money("Amount"), .money("Rate", isTotalled: false),
        .count("Lines"),
    ]

    @Test func onlyTotalledColumnsAreAddedUp() throws {
        var totals = ReportTotals(Self.columns)
        let one = Money(fen: 5)
        try totals.add([.text("a"), .money(one), .money(one), .count(1)])
        try totals.add([.text("b"), .empty, .money(one), .count(2)])
        try totals.add([.text("c"), .money(Money(fen: -7)), .money(one), .empty])
        #expect(
            totals.row(label: "Total")
                == [.text("Total"), .money(Money(fen: -2)), .empty, .count(3)])
        #expect(totals.rowCount == 3)
    }

    @Test func aTableWithoutRowsHasNoTotal() {
        #expect(ReportTotals(Self.columns).row(label: "Total") == nil)
    }

    @Test func aSumOutOfRangeIsAnErrorNotAWrongFigure() throws {
        var totals = ReportTotals(Self.columns)
        try totals.add([.empty, .money(Money(fen: .max)), .empty, .empty])
        #expect(throws: MoneyError.self) {
            try totals.add([.empty, .money(Money(fen: 1)), .empty, .empty])
        }
    }

    @Test(arguments: [
        (0, "0.00"), (99, "0.99"), (-1, "-0.01"), (100_000, "1,000.00"),
        (-123_456_789, "-1,234,567.89"), (99_999, "999.99"),
    ])
    func thousandsAreSeparated(fen: Int64, text: String) {
        #expect(Money(fen: fen).grouped == text)
    }
}
