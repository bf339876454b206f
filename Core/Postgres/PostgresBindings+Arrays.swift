public import Foundation

/// Arrays: whole columns for `unnest`, so that one statement takes a batch.
extension PostgresBindings {
    /// `boolean[]`
    public mutating func append(_ values: [Bool]) { addArray(values) }
    /// `smallint[]`
    public mutating func append(_ values: [Int16]) { addArray(values) }
    /// `integer[]`
    public mutating func append(_ values: [Int32]) { addArray(values) }
    /// `bigint[]`
    public mutating func append(_ values: [Int64]) { addArray(values) }
    /// `double precision[]`
    public mutating func append(_ values: [Double]) { addArray(values) }
    /// `text[]`
    public mutating func append(_ values: [String]) { addArray(values) }
    /// `bytea[]`
    public mutating func append(_ values: [[UInt8]]) { addArray(values) }
    /// `uuid[]`
    public mutating func append(_ values: [UUID]) { addArray(values) }
    /// `timestamptz[]`
    public mutating func append(_ values: [PostgresTimestamp]) { addArray(values) }
    /// `date[]`
    public mutating func append(_ values: [PostgresDate]) { addArray(values) }
    /// `jsonb[]`, given as JSON texts
    public mutating func appendJSON(_ values: [String]) { addArray(values.map(JSONBText.init)) }

    /// `boolean[]` with NULLs
    public mutating func append(_ values: [Bool?]) { addArray(values) }
    /// `smallint[]` with NULLs
    public mutating func append(_ values: [Int16?]) { addArray(values) }
    /// `integer[]` with NULLs
    public mutating func append(_ values: [Int32?]) { addArray(values) }
    /// `bigint[]` with NULLs
    public mutating func append(_ values: [Int64?]) { addArray(values) }
    /// `double precision[]` with NULLs
    public mutating func append(_ values: [Double?]) { addArray(values) }
    /// `text[]` with NULLs
    public mutating func append(_ values: [String?]) { addArray(values) }
    /// `bytea[]` with NULLs
    public mutating func append(_ values: [[UInt8]?]) { addArray(values) }
    /// `uuid[]` with NULLs
    public mutating func append(_ values: [UUID?]) { addArray(values) }
    /// `timestamptz[]` with NULLs
    public mutating func append(_ values: [PostgresTimestamp?]) { addArray(values) }
    /// `date[]` with NULLs
    public mutating func append(_ values: [PostgresDate?]) { addArray(values) }
    /// `jsonb[]` with NULLs, given as JSON texts
    public mutating func appendJSON(_ values: [String?]) {
        addArray(values.map { $0.map(JSONBText.init) })
    }
}
