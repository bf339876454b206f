import CLibPQ

extension PostgresConnection {
    /// Sends rows by `COPY … FROM STDIN (FORMAT binary)`; returns how many were stored.
    @discardableResult
    public func copyIn(_ sql: String, _ rows: PostgresCopyRows) throws(PostgresError) -> Int {
        try copyIn(sql, [rows.finished], in: nil)
    }

    /// Sends chunks as they are by `COPY … FROM STDIN`, in the format the statement names; returns
    /// how many rows were stored. A chunk needn't end where a row does.
    @discardableResult
    public func copyIn(_ sql: String, chunks: [[UInt8]]) throws(PostgresError) -> Int {
        try copyIn(sql, chunks, in: nil)
    }

    /// Reads `COPY … TO STDOUT`, a row at a time: `body` runs on the connection's thread, and the
    /// bytes are valid only while it runs. What it throws ends the copy and is thrown on.
    public func copyOut(
        _ sql: String, _ body: @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try copyOut(sql, in: nil, body)
    }

    func copyIn(
        _ sql: String, _ chunks: [[UInt8]], in transaction: UInt64?
    ) throws(PostgresError) -> Int {
        let statement = Self.shortened(sql)
        return try use(in: transaction, statement) { (handle) throws(PostgresError) in
            try handle.startCopy(sql, expecting: PGRES_COPY_IN, statement)
            for chunk in chunks {
                try handle.putCopyData(chunk, statement)
            }
            guard PQputCopyEnd(handle.pointer, nil) == 1 else { throw handle.lastError }
            return try handle.finishCopy(statement).affectedRows
        }
    }

    func copyOut(
        _ sql: String, in transaction: UInt64?,
        _ body: @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let statement = Self.shortened(sql)
        var bodyFailure: (any Error)?
        do {
            try use(in: transaction, statement) { (handle) throws(PostgresError) in
                try handle.startCopy(sql, expecting: PGRES_COPY_OUT, statement)
                var row: UnsafeMutablePointer<CChar>?
                while true {
                    let length = PQgetCopyData(handle.pointer, &row, 0)
                    guard length > 0, let bytes = row else { break }
                    defer { PQfreemem(bytes) }
                    guard bodyFailure == nil else { continue }
                    do {
                        try body(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
                    } catch {
                        bodyFailure = error
                        handle.cancel()
                    }
                }
                _ = try handle.finishCopy(statement)
            }
        } catch {
            // The server's "canceled" says less than why it was.
            throw bodyFailure ?? error
        }
        if let bodyFailure { throw bodyFailure }
    }
}

extension ConnectionHandle {
    fileprivate func startCopy(
        _ sql: String, expecting status: ExecStatusType, _ statement: String
    ) throws(PostgresError) {
        guard let made = PQexec(pointer, sql) else { throw lastError }
        let result = PostgresResult(owning: made, statement: statement)
        if result.status == status { return }
        if result.isSuccess || result.status == PGRES_COPY_IN || result.status == PGRES_COPY_OUT {
            throw PostgresError(
                .protocolBroken("not the COPY that was expected"), statement: statement)
        }
        throw result.failure(connectionIsBroken: isBroken)
    }

    /// libpq copies and sends at most 1 GB a call; smaller pieces also keep its buffer small.
    fileprivate func putCopyData(
        _ chunk: [UInt8], _ statement: String
    ) throws(PostgresError) {
        let pieceBytes = 1 << 20
        var offset = 0
        while offset < chunk.count {
            let end = min(offset + pieceBytes, chunk.count)
            let code = chunk[offset..<end].withUnsafeBytes { bytes in
                PQputCopyData(
                    pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(bytes.count))
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

    /// Asks the server to cancel what runs; what comes back is read as usual.
    fileprivate func cancel() {
        guard let request = PQgetCancel(pointer) else { return }
        defer { PQfreeCancel(request) }
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(request, &message, Int32(message.count))
    }
}
