import CLibPQ

extension PostgresConnection {
    /// Sends rows by `COPY … FROM STDIN (FORMAT binary)`; returns how many were stored.
    @discardableResult
    public func copyIn(_ sql: String, _ rows: PostgresCopyRows) throws(PostgresError) -> Int {
        try copyIn(sql, rows.finished, in: nil)
    }

    func copyIn(
        _ sql: String, _ bytes: [UInt8], in transaction: UInt64?
    ) throws(PostgresError) -> Int {
        let statement = Self.shortened(sql)
        return try use(in: transaction, statement) { (handle) throws(PostgresError) in
            try handle.startCopyIn(sql, statement)
            try handle.putCopyData(bytes, statement)
            guard PQputCopyEnd(handle.pointer, nil) == 1 else { throw handle.lastError }
            return try handle.finishCopy(statement).affectedRows
        }
    }
}

extension ConnectionHandle {
    fileprivate func startCopyIn(_ sql: String, _ statement: String) throws(PostgresError) {
        guard let made = PQexec(pointer, sql) else { throw lastError }
        let result = PostgresResult(owning: made, statement: statement)
        if result.status == PGRES_COPY_IN { return }
        if result.isSuccess || result.status == PGRES_COPY_OUT {
            throw PostgresError(
                .protocolBroken("not a COPY FROM STDIN"), statement: statement)
        }
        throw result.failure(connectionIsBroken: isBroken)
    }

    /// libpq copies and sends at most 1 GB a call; smaller pieces also keep its buffer small.
    fileprivate func putCopyData(
        _ bytes: [UInt8], _ statement: String
    ) throws(PostgresError) {
        let pieceBytes = 1 << 20
        var offset = 0
        while offset < bytes.count {
            let end = min(offset + pieceBytes, bytes.count)
            let code = bytes[offset..<end].withUnsafeBytes { piece in
                PQputCopyData(
                    pointer, piece.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(piece.count))
            }
            guard code == 1 else {
                throw PostgresError(lastError.kind, statement: statement)
            }
            offset = end
        }
    }

    /// Collects the results after a COPY until libpq has no more; keeps the first failure.
    fileprivate func finishCopy(_ statement: String) throws(PostgresError) -> PostgresResult {
        var first: PostgresResult?
        while let made = PQgetResult(pointer) {
            let result = PostgresResult(owning: made, statement: statement)
            if result.status == PGRES_COPY_IN || result.status == PGRES_COPY_OUT { break }
            if first == nil { first = result }
        }
        guard let first else { throw lastError }
        guard first.isSuccess else { throw first.failure(connectionIsBroken: isBroken) }
        return first
    }
}
