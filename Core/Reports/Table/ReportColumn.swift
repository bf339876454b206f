/// A column of a report's table.
public struct ReportColumn: Sendable {
    /// What stands above it.
    public let heading: String
    /// In characters of a spreadsheet; what is longer goes on in another line of its cell.
    public let width: Int
    /// Whether it holds figures: they stand at the right.
    public let isFigure: Bool
    /// Whether its figures are added up in the table's last row.
    public let isTotalled: Bool

    private init(_ heading: String, width: Int, isFigure: Bool, isTotalled: Bool) {
        self.heading = heading
        self.width = width
        self.isFigure = isFigure
        self.isTotalled = isTotalled
    }

    /// A column of text.
    public static func text(_ heading: String, width: Int) -> ReportColumn {
        ReportColumn(heading, width: width, isFigure: false, isTotalled: false)
    }

    /// A column of moments.
    public static func time(_ heading: String) -> ReportColumn { text(heading, width: 20) }

    /// A column of counts.
    public static func count(_ heading: String, isTotalled: Bool = true) -> ReportColumn {
        ReportColumn(heading, width: 9, isFigure: true, isTotalled: isTotalled)
    }

    /// A column of money.
    public static func money(_ heading: String, isTotalled: Bool = true) -> ReportColumn {
        ReportColumn(heading, width: 14, isFigure: true, isTotalled: isTotalled)
    }
}
