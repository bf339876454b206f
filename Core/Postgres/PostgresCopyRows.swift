public import Foundation

/// Rows for `COPY … FROM STDIN (FORMAT binary)`, encoded as they are added.
///
/// COPY converts nothing: every value's type must be its column's (an `Int32` for an `integer`).
/// Each row appends as many values as `columns` says.
public struct PostgresCopyRows: Sendable {
    /// How many values a row has.
    public let columns: Int16
    private var buffer: [UInt8]

    /// "PGCOPY\n\377\r\n\0", no flags, no extension.
    private static let header: [UInt8] =
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00]
        + [UInt8](repeating: 0, count: 8)

    /// No rows yet.
    public init(columns: Int16) {
        self.columns = columns
        buffer = Self.header
    }

    /// Reserves room for `bytes` more, where the size is known.
    public mutating func reserve(bytes: Int) {
        buffer.reserveCapacity(buffer.count + bytes)
    }

    /// Bytes so far.
    public var byteCount: Int { buffer.count }

    /// Starts a row.
    public mutating func beginRow() { buffer.appendWire(columns) }

    /// `boolean`
    public mutating func append(_ value: Bool?) { add(value) }
    /// `smallint`
    public mutating func append(_ value: Int16?) { add(value) }
    /// `integer`
    public mutating func append(_ value: Int32?) { add(value) }
    /// `bigint`
    public mutating func append(_ value: Int64?) { add(value) }
    /// `double precision`
    public mutating func append(_ value: Double?) { add(value) }
    /// `text`
    public mutating func append(_ value: String?) { add(value) }
    /// `bytea`
    public mutating func append(_ value: [UInt8]?) { add(value) }
    /// `uuid`
    public mutating func append(_ value: UUID?) { add(value) }
    /// `timestamptz`
    public mutating func append(_ value: PostgresTimestamp?) { add(value) }
    /// `date`
    public mutating func append(_ value: PostgresDate?) { add(value) }
    /// `jsonb`, given as JSON text
    public mutating func appendJSON(_ value: String?) { add(value.map(JSONBText.init)) }
    /// `text[]`
    public mutating func append(_ values: [String]) { addArray(values) }
    /// `integer[]`
    public mutating func append(_ values: [Int32]) { addArray(values) }

    /// With the trailer that ends the rows.
    var finished: [UInt8] {
        var bytes = buffer
        bytes.appendWire(-1 as Int16)
        return bytes
    }

    private mutating func add<Value: WireValue>(_ value: Value?) {
        guard let value else {
            buffer.appendWire(-1 as Int32)
            return
        }
        buffer.appendWire(Int32(clamping: value.wireSize))
        buffer.appendWire(value)
    }

    private mutating func addArray<Value: WireValue>(_ values: [Value]) {
        let start = buffer.count
        buffer.appendWire(0 as Int32)
        buffer.appendWireArray(values)
        let size = Int32(clamping: buffer.count - start - 4)
        withUnsafeBytes(of: size.bigEndian) { bytes in
            for (index, byte) in bytes.enumerated() { buffer[start + index] = byte }
        }
    }
}
