/// Writes a report's tables into a file of one format, row by row.
protocol ReportWriter {
    /// Begins a table.
    mutating func begin(_ table: ReportTable) throws
    /// Writes a row: a cell for each column.
    mutating func write(_ row: [ReportCell]) throws
    /// Ends the table.
    /// - Parameter totals: its last row, if it has one.
    mutating func end(totals: [ReportCell]?) throws
    /// Ends the file: all of it is on disk, or an error is thrown.
    mutating func finish() throws
}
