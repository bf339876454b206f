extension PostgresTransaction {
    /// Runs a statement once and passes its rows on, a page at a time, so that their number costs
    /// no memory. One such statement at a time.
    ///
    /// All pages are of the moment at which it was opened. The text is that of `run`, unprepared.
    /// - Parameters:
    ///   - pageSize: rows a page at most; the last one may be empty.
    ///   - page: receives the rows in their order.
    /// - Throws: `PostgresError`, and the error of `page`: then the transaction is to be rolled
    ///   back.
    public nonisolated(nonsending) func stream<Statement: PostgresStatement>(
        _ statement: Statement, pageSize: Int,
        _ page: nonisolated(nonsending) ([Statement.Row]) async throws -> Void
    ) async throws {
        var bindings = PostgresBindings()
        statement.bind(&bindings)
        try await execute("declare stream no scroll cursor for \(Statement.sql)", bindings)
        while true {
            let result = try await execute("fetch \(pageSize) from stream")
            var rows: [Statement.Row] = []
            rows.reserveCapacity(result.count)
            for row in result { rows.append(try Statement.decode(row)) }
            try await page(rows)
            if rows.count < pageSize { break }
        }
        try await execute("close stream")
    }
}
