/// An open transaction, passed to the closure of `transaction` and invalid after it.
public struct PostgresTransaction: Sendable {
    let connection: PostgresConnection
    let number: UInt64

    /// Runs a statement, prepared on first use; returns its rows.
    public func run<Statement: PostgresStatement>(
        _ statement: Statement
    ) async throws(PostgresError) -> [Statement.Row] {
        try await connection.run(statement, in: number)
    }

    /// Runs a statement, prepared on first use; returns the number of affected rows.
    public func runCount<Statement: PostgresStatement>(
        _ statement: Statement
    ) async throws(PostgresError) -> Int {
        try await connection.perform(statement, in: number).affectedRows
    }

    /// Runs one statement given as text, unprepared. Rows come in binary form.
    @discardableResult
    public func execute(
        _ sql: String, _ bindings: PostgresBindings = .init()
    ) async throws(PostgresError) -> PostgresResult {
        try await connection.execute(sql, bindings, in: number)
    }

    /// Runs any number of statements separated by semicolons; returns no rows.
    public func executeScript(_ sql: String) async throws(PostgresError) {
        try await connection.executeScript(sql, in: number)
    }

    /// Sends rows by `COPY … FROM STDIN (FORMAT binary)`; returns how many were stored.
    @discardableResult
    public func copyIn(
        _ sql: String, _ rows: PostgresCopyRows
    ) async throws(PostgresError) -> Int {
        try await connection.copyIn(sql, rows.finished, in: number)
    }

    /// The same for rows whose unique key may exist already: then none of them is stored, and the
    /// transaction continues.
    /// - Returns: whether they were stored.
    public func copyInUnlessTaken(
        _ sql: String, _ rows: PostgresCopyRows
    ) async throws(PostgresError) -> Bool {
        try await connection.copyInUnlessTaken(sql, rows, in: number)
    }
}
