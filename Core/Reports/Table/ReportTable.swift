public import Postgres

/// A table of a report: its columns, and where its rows come from.
public struct ReportTable: Sendable {
    /// Passes on rows, in their order, a page at a time; all of one transaction.
    public typealias Rows =
        @Sendable (PostgresTransaction, _ page: ([[ReportCell]]) throws -> Void) async throws ->
        Void

    /// Selects the table where a file holds one alone: `differences`, `settlements`, …
    public let name: String
    /// What stands above it.
    public let title: String
    /// From left to right.
    public let columns: [ReportColumn]
    let rows: Rows

    /// - Parameter rows: one cell for each column.
    public init(name: String, title: String, columns: [ReportColumn], rows: @escaping Rows) {
        self.name = name
        self.title = title
        self.columns = columns
        self.rows = rows
    }
}

extension ReportTable {
    /// How many rows are read at a time.
    private static let pageSize = 2_000

    /// The rows of a statement, in its order.
    static func rows<Statement: PostgresStatement>(
        of statement: Statement, cells: @escaping @Sendable (Statement.Row) -> [ReportCell]
    ) -> Rows {
        { transaction, page in
            try await transaction.stream(statement, pageSize: pageSize) { rows in
                try page(rows.map(cells))
            }
        }
    }
}
