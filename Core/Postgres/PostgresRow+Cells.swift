import CLibPQ

extension PostgresRow {
    /// A column's bytes, valid as long as the result is; `nil` for NULL.
    func cell(
        _ column: Int, _ expected: String, _ accepts: (UInt32) -> Bool
    ) throws(PostgresError) -> UnsafeRawBufferPointer? {
        let number = Int32(clamping: column)
        guard number >= 0, number < PQnfields(result.pointer) else {
            throw failure(column, "doesn't exist; there are \(result.columnCount)")
        }
        let oid = PQftype(result.pointer, number)
        guard accepts(oid) else {
            throw failure(column, "is \(PostgresOID.name(of: oid)), not \(expected)")
        }
        guard PQfformat(result.pointer, number) == 1 else {
            throw failure(column, "came as text; only single statements answer in binary form")
        }
        guard PQgetisnull(result.pointer, index, number) == 0 else { return nil }
        let length = Int(PQgetlength(result.pointer, index, number))
        return UnsafeRawBufferPointer(
            start: PQgetvalue(result.pointer, index, number), count: length)
    }

    func required<Value>(_ value: Value?, _ column: Int) throws(PostgresError) -> Value {
        guard let value else { throw failure(column, "is NULL") }
        return value
    }

    /// The column isn't what the statement expects, in any row.
    func failure(_ column: Int, _ what: String) -> PostgresError {
        PostgresError(.column(text(column, what)), statement: result.statement)
    }

    /// The column's value in this row can't be used.
    func badValue(_ column: Int, _ what: String) -> PostgresError {
        PostgresError(.decoding(text(column, what)), statement: result.statement)
    }

    private func text(_ column: Int, _ what: String) -> String {
        let name = result.columnName(column).map { " \($0)" } ?? ""
        return "column \(column)\(name) \(what)"
    }
}

extension UnsafeRawBufferPointer {
    /// A big-endian integer. The server's types fix the size; `PQftype` was looked at before.
    @inline(__always)
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
        guard offset >= 0, offset + MemoryLayout<Value>.size <= count else { return 0 }
        return Value(bigEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    var byte: UInt8? { first }
}
