import CLibPQ

extension PostgresConnection {
    /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws.
    ///
    /// Throws the body's error, once rolled back; the server's refusal to commit (nothing is
    /// stored); or a `PostgresTransactionError` where more than one step failed, or the response to
    /// COMMIT was lost. A body that ignored a statement's failure fails with that failure.
    @discardableResult
    public nonisolated(nonsending) func transaction<Value>(
        at level: PostgresIsolationLevel = .readCommitted,
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let number = try await begin(level)
        let value: Value
        do {
            value = try await body(PostgresTransaction(connection: self, number: number))
        } catch {
            guard let rollbackFailure = await rollback(number) else { throw error }
            // A lost connection reports the same failure twice.
            if let lost = error as? PostgresError, lost.isTransient { throw lost }
            throw PostgresTransactionError(
                outcome: .rolledBack, body: error, rollback: rollbackFailure, commit: nil)
        }
        switch await commit(number) {
        case .committed: return value
        case .refused(let error): throw error
        case .lost(let error): throw PostgresTransactionError.outcomeUnknown(error)
        }
    }

    /// Sends rows after a savepoint, and rolls back to it where a unique key exists already.
    func copyInUnlessTaken(
        _ sql: String, _ rows: PostgresCopyRows, in transaction: UInt64
    ) throws(PostgresError) -> Bool {
        try executeScript("SAVEPOINT attempt", in: transaction)
        do {
            _ = try copyIn(sql, rows.finished, in: transaction)
            try executeScript("RELEASE SAVEPOINT attempt", in: transaction)
            return true
        } catch {
            guard error.isUniqueViolation else { throw error }
            try executeScript("ROLLBACK TO SAVEPOINT attempt", in: transaction)
            // Rolled back to the savepoint, so the transaction hasn't failed.
            transactionFailure = nil
            return false
        }
    }

    enum CommitAnswer: Sendable {
        case committed
        case refused(PostgresError)
        case lost(PostgresError)
    }

    private func begin(_ level: PostgresIsolationLevel) throws(PostgresError) -> UInt64 {
        var statement = level.beginStatement
        if isPooled { statement += "; " + session.transactionScript }
        guard openTransaction == nil else {
            throw PostgresError(
                .protocolBroken("a transaction is open on this connection already"))
        }
        transactionCount += 1
        // Set before BEGIN, so that the check after the statement expects an open transaction.
        openTransaction = transactionCount
        transactionFailure = nil
        do {
            try executeScript(statement, in: transactionCount)
        } catch {
            openTransaction = nil
            throw error
        }
        return transactionCount
    }

    /// Returns why it failed; then the connection is closed, which rolls back as well.
    private func rollback(_ number: UInt64) -> PostgresError? {
        guard openTransaction == number else { return nil }
        openTransaction = nil
        guard let handle else {
            return loss
                ?? PostgresError(.closed("the connection was closed"), statement: "ROLLBACK")
        }
        do {
            _ = try handle.executeScript("ROLLBACK", statement: "ROLLBACK")
            return nil
        } catch {
            discard(because: error)
            return error
        }
    }

    private func commit(_ number: UInt64) -> CommitAnswer {
        guard openTransaction == number else {
            return .refused(PostgresError(.closed("the transaction has ended")))
        }
        openTransaction = nil
        guard let handle else {
            // The connection broke before COMMIT could be sent.
            return .refused(
                transactionFailure
                    ?? PostgresError(.connection("the connection was closed before COMMIT")))
        }
        do {
            let result = try handle.executeScript("COMMIT", statement: "COMMIT")
            if result.commandTag == "COMMIT" { return .committed }
            return .refused(
                transactionFailure
                    ?? PostgresError(.protocolBroken("COMMIT answered \(result.commandTag)")))
        } catch {
            if handle.isBroken {
                discard(because: error)
                return .lost(error)
            }
            return .refused(error)
        }
    }

    /// Every use of libpq goes through here: checks the caller before and the connection's state
    /// after it.
    func use<Value>(
        in transaction: UInt64?, _ statement: String,
        _ body: (ConnectionHandle) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        guard transaction == openTransaction else {
            throw PostgresError(
                transaction == nil
                    ? .protocolBroken("a transaction is open: use the one passed to its closure")
                    : .closed("the transaction has ended"), statement: statement)
        }
        guard let handle else {
            throw PostgresError(
                loss?.kind ?? .closed("the connection is closed"), statement: statement)
        }
        do {
            let value = try body(handle)
            try checkState(handle, transaction, statement)
            return value
        } catch {
            if transaction != nil && transactionFailure == nil { transactionFailure = error }
            forgetStalePlans(error)
            // The next connection finds a server that takes writes, where there is one.
            if handle.isBroken || error.isReadOnlyServer
                || PQtransactionStatus(handle.pointer) == PQTRANS_ACTIVE
            {
                discard(because: error)
            }
            throw error
        }
    }

    /// A BEGIN or COMMIT sent as text would contradict `openTransaction`.
    private func checkState(
        _ handle: ConnectionHandle, _ transaction: UInt64?, _ statement: String
    ) throws(PostgresError) {
        if transaction == nil && !handle.isIdle {
            discard()
            throw PostgresError(
                .protocolBroken("the statement left a transaction open: use transaction { }"),
                statement: statement)
        }
        if transaction != nil && handle.isIdle {
            discard()
            throw PostgresError(
                .protocolBroken("the statement ended the transaction it ran in"),
                statement: statement)
        }
    }
}
