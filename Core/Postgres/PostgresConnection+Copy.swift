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
            let deadline = handle.deadline
            try handle.startCopyIn(sql, statement)
            try handle.putCopyData(bytes, statement, deadline)
            try handle.endCopy(statement, deadline)
            return try handle.answer(to: statement, by: deadline).checked(handle).affectedRows
        }
    }
}

extension ConnectionHandle {
    fileprivate func startCopyIn(_ sql: String, _ statement: String) throws(PostgresError) {
        let result = try start(statement) { PQsendQuery(pointer, sql) }
        if result.status == PGRES_COPY_IN { return }
        if result.isSuccess || result.status == PGRES_COPY_OUT {
            throw PostgresError(
                .protocolBroken("not a COPY FROM STDIN"), statement: statement)
        }
        throw result.failure(connectionIsBroken: isBroken)
    }

    /// libpq copies and sends at most 1 GB a call; smaller pieces also keep its buffer small.
    fileprivate func putCopyData(
        _ bytes: [UInt8], _ statement: String, _ deadline: ContinuousClock.Instant?
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
            guard code >= 0 else {
                throw PostgresError(lastError.kind, statement: statement)
            }
            // 0: libpq had no memory for a larger buffer; the same piece again once it is sent.
            if code > 0 { offset = end }
            try flush(statement, by: deadline)
        }
    }

    fileprivate func endCopy(
        _ statement: String, _ deadline: ContinuousClock.Instant?
    ) throws(PostgresError) {
        while true {
            let code = PQputCopyEnd(pointer, nil)
            guard code >= 0 else { throw PostgresError(lastError.kind, statement: statement) }
            try flush(statement, by: deadline)
            if code > 0 { return }
        }
    }
}
