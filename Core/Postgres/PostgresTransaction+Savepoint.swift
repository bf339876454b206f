extension PostgresTransaction {
    /// Runs `body` after a savepoint. Where it throws, its work alone is rolled back and the
    /// transaction continues.
    ///
    /// Constraints that are deferred to the commit are checked at the end of `body` where it has
    /// made them immediate.
    /// - Throws: the body's error, once rolled back to the savepoint; or why that failed: then the
    ///   transaction can't continue.
    @discardableResult
    public nonisolated(nonsending) func savepoint<Value>(
        _ body: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        try await executeScript("SAVEPOINT part")
        do {
            let value = try await body()
            try await executeScript("RELEASE SAVEPOINT part")
            return value
        } catch {
            try await connection.rollBackToSavepoint("part", in: number)
            throw error
        }
    }
}

extension PostgresConnection {
    /// Rolls back to a savepoint and releases it; what failed after it has not failed the
    /// transaction.
    func rollBackToSavepoint(_ name: String, in transaction: UInt64) throws(PostgresError) {
        try executeScript(
            "ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)", in: transaction)
        transactionFailure = nil
    }
}
