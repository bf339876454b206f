import CLibPQ
public import Foundation

/// One row of a result. Columns are numbered from 0, as the statement lists them.
///
/// Every accessor says the type it expects; another type, or NULL where none is expected, throws
/// `.decoding` with the column and the statement. A row keeps its whole result in memory: copy the
/// values needed and release it.
public struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int32

    /// `boolean`
    public func bool(_ column: Int) throws(PostgresError) -> Bool {
        try required(boolOrNull(column), column)
    }

    /// `boolean` or NULL
    public func boolOrNull(_ column: Int) throws(PostgresError) -> Bool? {
        try cell(column, "boolean") { $0 == PostgresOID.bool }?.byte.map { $0 != 0 }
    }

    /// `smallint`
    public func int16(_ column: Int) throws(PostgresError) -> Int16 {
        try required(int16OrNull(column), column)
    }

    /// `smallint` or NULL
    public func int16OrNull(_ column: Int) throws(PostgresError) -> Int16? {
        try cell(column, "smallint") { $0 == PostgresOID.int2 }.map { $0.integer(at: 0) }
    }

    /// `integer` or `smallint`
    public func int32(_ column: Int) throws(PostgresError) -> Int32 {
        try required(int32OrNull(column), column)
    }

    /// `integer`, `smallint` or NULL
    public func int32OrNull(_ column: Int) throws(PostgresError) -> Int32? {
        let cell = try cell(column, "integer") { $0 == PostgresOID.int4 || $0 == PostgresOID.int2 }
        guard let cell else { return nil }
        return cell.count == 2 ? Int32(cell.integer(at: 0) as Int16) : cell.integer(at: 0)
    }

    /// `bigint`, `integer` or `smallint`; cast a `numeric` (what `sum(bigint)` is) in the SQL.
    public func int64(_ column: Int) throws(PostgresError) -> Int64 {
        try required(int64OrNull(column), column)
    }

    /// `bigint`, `integer`, `smallint` or NULL
    public func int64OrNull(_ column: Int) throws(PostgresError) -> Int64? {
        let cell = try cell(column, "bigint") {
            $0 == PostgresOID.int8 || $0 == PostgresOID.int4 || $0 == PostgresOID.int2
        }
        guard let cell else { return nil }
        return switch cell.count {
        case 2: Int64(cell.integer(at: 0) as Int16)
        case 4: Int64(cell.integer(at: 0) as Int32)
        default: cell.integer(at: 0)
        }
    }

    /// `double precision` or `real`
    public func double(_ column: Int) throws(PostgresError) -> Double {
        try required(doubleOrNull(column), column)
    }

    /// `double precision`, `real` or NULL
    public func doubleOrNull(_ column: Int) throws(PostgresError) -> Double? {
        let cell = try cell(column, "double precision") {
            $0 == PostgresOID.float8 || $0 == PostgresOID.float4
        }
        guard let cell else { return nil }
        return cell.count == 4
            ? Double(Float(bitPattern: cell.integer(at: 0)))
            : Double(bitPattern: cell.integer(at: 0))
    }

    /// `text` and related types (`varchar`, enums, `json`, `jsonb` …)
    public func text(_ column: Int) throws(PostgresError) -> String {
        try required(textOrNull(column), column)
    }

    /// `text` and related types, or NULL
    public func textOrNull(_ column: Int) throws(PostgresError) -> String? {
        guard let cell = try cell(column, "text", Self.isText) else { return nil }
        let isJSONB = PQftype(result.pointer, Int32(clamping: column)) == PostgresOID.jsonb
        return String(decoding: isJSONB ? cell.dropFirst() : cell[...], as: UTF8.self)
    }

    /// `bytea`
    public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
        try required(bytesOrNull(column), column)
    }

    /// `bytea` or NULL
    public func bytesOrNull(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try cell(column, "bytea") { $0 == PostgresOID.bytea }.map { [UInt8]($0) }
    }

    /// `uuid`
    public func uuid(_ column: Int) throws(PostgresError) -> UUID {
        try required(uuidOrNull(column), column)
    }

    /// `uuid` or NULL
    public func uuidOrNull(_ column: Int) throws(PostgresError) -> UUID? {
        try cell(column, "uuid") { $0 == PostgresOID.uuid }
            .map { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    /// `timestamptz`; "infinity" isn't a point in time and throws.
    public func timestamp(_ column: Int) throws(PostgresError) -> PostgresTimestamp {
        try required(timestampOrNull(column), column)
    }

    /// `timestamptz` or NULL
    public func timestampOrNull(_ column: Int) throws(PostgresError) -> PostgresTimestamp? {
        let cell = try cell(column, "timestamptz") { $0 == PostgresOID.timestamptz }
        guard let cell else { return nil }
        guard let value = PostgresTimestamp(serverMicroseconds: cell.integer(at: 0)) else {
            throw badValue(column, "is beyond what microseconds since 1970 can hold")
        }
        return value
    }

    /// `date`; "infinity" isn't a day and throws.
    public func date(_ column: Int) throws(PostgresError) -> PostgresDate {
        try required(dateOrNull(column), column)
    }

    /// `date` or NULL
    public func dateOrNull(_ column: Int) throws(PostgresError) -> PostgresDate? {
        let cell = try cell(column, "date") { $0 == PostgresOID.date }
        guard let cell else { return nil }
        guard let value = PostgresDate(serverDays: cell.integer(at: 0)) else {
            throw badValue(column, "is infinite")
        }
        return value
    }

    static func isText(_ oid: UInt32) -> Bool {
        switch oid {
        case PostgresOID.text, PostgresOID.varchar, PostgresOID.bpchar, PostgresOID.name,
            PostgresOID.char, PostgresOID.unknown, PostgresOID.json, PostgresOID.jsonb:
            true
        default: oid >= PostgresOID.firstUserDefined
        }
    }
}
