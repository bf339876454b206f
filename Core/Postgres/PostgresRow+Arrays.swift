import CLibPQ
public import Foundation

/// Arrays of one dimension.
extension PostgresRow {
    /// `bigint[]`, `integer[]` or `smallint[]`, without NULLs
    public func int64Array(_ column: Int) throws(PostgresError) -> [Int64] {
        try allRequired(int64OrNullArray(column), column)
    }

    /// `bigint[]`, `integer[]` or `smallint[]`
    public func int64OrNullArray(_ column: Int) throws(PostgresError) -> [Int64?] {
        let oids = [PostgresOID.int8Array, PostgresOID.int4Array, PostgresOID.int2Array]
        return try array(column, "bigint[]", oids) { bytes in
            switch bytes.count {
            case 2: Int64(bytes.integer(at: 0) as Int16)
            case 4: Int64(bytes.integer(at: 0) as Int32)
            default: bytes.integer(at: 0)
            }
        }
    }

    /// `integer[]` or `smallint[]`, without NULLs
    public func int32Array(_ column: Int) throws(PostgresError) -> [Int32] {
        let oids = [PostgresOID.int4Array, PostgresOID.int2Array]
        let values = try array(column, "integer[]", oids) { bytes -> Int32 in
            bytes.count == 2 ? Int32(bytes.integer(at: 0) as Int16) : bytes.integer(at: 0)
        }
        return try allRequired(values, column)
    }

    /// `smallint[]`, without NULLs
    public func int16Array(_ column: Int) throws(PostgresError) -> [Int16] {
        let values = try array(column, "smallint[]", [PostgresOID.int2Array]) { bytes -> Int16 in
            bytes.integer(at: 0)
        }
        return try allRequired(values, column)
    }

    /// `boolean[]`, without NULLs
    public func boolArray(_ column: Int) throws(PostgresError) -> [Bool] {
        let values = try array(column, "boolean[]", [PostgresOID.boolArray]) { $0.first == 1 }
        return try allRequired(values, column)
    }

    /// `text[]` or `varchar[]`, without NULLs
    public func textArray(_ column: Int) throws(PostgresError) -> [String] {
        try allRequired(textOrNullArray(column), column)
    }

    /// `text[]`, `varchar[]` or `jsonb[]`
    public func textOrNullArray(_ column: Int) throws(PostgresError) -> [String?] {
        let isJSONB = PQftype(result.pointer, Int32(clamping: column)) == PostgresOID.jsonbArray
        let oids: [UInt32] = [PostgresOID.textArray, 1015, PostgresOID.jsonbArray]
        return try array(column, "text[]", oids) { bytes in
            String(decoding: isJSONB ? bytes.dropFirst() : bytes[...], as: UTF8.self)
        }
    }

    /// `bytea[]`, without NULLs
    public func bytesArray(_ column: Int) throws(PostgresError) -> [[UInt8]] {
        let values = try array(column, "bytea[]", [PostgresOID.byteaArray]) { [UInt8]($0) }
        return try allRequired(values, column)
    }

    /// `uuid[]`, without NULLs
    public func uuidArray(_ column: Int) throws(PostgresError) -> [UUID] {
        let values = try array(column, "uuid[]", [PostgresOID.uuidArray]) { bytes in
            UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        }
        return try allRequired(values, column)
    }

    /// `timestamptz[]`, without NULLs
    public func timestampArray(_ column: Int) throws(PostgresError) -> [PostgresTimestamp] {
        try allRequired(timestampOrNullArray(column), column)
    }

    /// `timestamptz[]`
    public func timestampOrNullArray(
        _ column: Int
    ) throws(PostgresError) -> [PostgresTimestamp?] {
        let numbers = try array(column, "timestamptz[]", [PostgresOID.timestamptzArray]) {
            bytes -> Int64 in bytes.integer(at: 0)
        }
        var values: [PostgresTimestamp?] = []
        values.reserveCapacity(numbers.count)
        for number in numbers {
            let value = number.flatMap { PostgresTimestamp(serverMicroseconds: $0) }
            if number != nil && value == nil {
                throw badValue(column, "holds a time beyond what microseconds since 1970 can hold")
            }
            values.append(value)
        }
        return values
    }

    /// `date[]`, without NULLs
    public func dateArray(_ column: Int) throws(PostgresError) -> [PostgresDate] {
        let numbers = try array(column, "date[]", [PostgresOID.dateArray]) { bytes -> Int32 in
            bytes.integer(at: 0)
        }
        var values: [PostgresDate] = []
        for number in try allRequired(numbers, column) {
            guard let value = PostgresDate(serverDays: number) else {
                throw badValue(column, "holds an infinite date")
            }
            values.append(value)
        }
        return values
    }

    /// Parses an array's binary form (`array_send`).
    private func array<Value>(
        _ column: Int, _ expected: String, _ oids: [UInt32],
        _ decode: (UnsafeRawBufferPointer) -> Value
    ) throws(PostgresError) -> [Value?] {
        guard let cell = try cell(column, expected, { oids.contains($0) }) else {
            throw failure(column, "is NULL")
        }
        let dimensions: Int32 = cell.integer(at: 0)
        if dimensions == 0 { return [] }
        guard dimensions == 1 else { throw failure(column, "has \(dimensions) dimensions, not 1") }

        let count: Int32 = cell.integer(at: 12)
        var values: [Value?] = []
        values.reserveCapacity(Int(max(0, count)))
        var offset = 20
        for _ in 0..<max(0, count) {
            guard offset + 4 <= cell.count else { throw failure(column, "is cut short") }
            let length = Int(cell.integer(at: offset) as Int32)
            offset += 4
            if length < 0 {
                values.append(nil)
                continue
            }
            guard offset + length <= cell.count else { throw failure(column, "is cut short") }
            values.append(
                decode(UnsafeRawBufferPointer(rebasing: cell[offset..<offset + length])))
            offset += length
        }
        return values
    }

    private func allRequired<Value>(
        _ values: [Value?], _ column: Int
    ) throws(PostgresError) -> [Value] {
        var present: [Value] = []
        present.reserveCapacity(values.count)
        for value in values {
            guard let value else { throw failure(column, "holds a NULL") }
            present.append(value)
        }
        return present
    }
}
