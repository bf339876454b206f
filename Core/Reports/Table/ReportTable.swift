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
    static let pageSize = 2_000

    /// The rows of a statement that is run again after the last row of each page.
    static func paged<Statement: PostgresStatement>(
        _ first: Statement, next: @escaping @Sendable (Statement, Statement.Row) -> Statement,
        cells: @escaping @Sendable (Statement.Row) -> [ReportCell]
    ) -> Rows {
        { transaction, page in
            var statement = first
            while true {
                let rows = try await transaction.run(statement)
                try page(rows.map(cells))
                guard rows.count == pageSize, let last = rows.last else { return }
                statement = next(statement, last)
            }
        }
    }

    /// The rows of a statement that returns few.
    static func whole<Statement: PostgresStatement>(
        _ statement: Statement, cells: @escaping @Sendable (Statement.Row) -> [ReportCell]
    ) -> Rows {
        { transaction, page in try page(try await transaction.run(statement).map(cells)) }
    }
}
