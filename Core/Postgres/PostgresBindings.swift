public import Foundation

/// A statement's parameters, `$1` first, encoded in PostgreSQL's binary form into one buffer.
///
/// Every `append` adds the next parameter; `nil` is NULL. The Swift type decides the SQL type, so a
/// statement always binds the same types. One statement carries at most 65,535 parameters and
/// 1 GB; the server refuses a single value above 1 GB.
public struct PostgresBindings: Sendable {
    // One byte more than is used, so that even an empty value has an address: libpq takes a null
    // address for NULL.
    private(set) var buffer: [UInt8] = [0]
    private(set) var oids: [UInt32] = []
    private(set) var offsets: [Int] = []
    private(set) var lengths: [Int32] = []

    /// No parameters yet.
    public init() {}

    /// How many parameters were appended.
    public var count: Int { oids.count }

    /// Reserves room for `bytes` more, where the size is known.
    public mutating func reserve(bytes: Int) {
        buffer.reserveCapacity(buffer.count + bytes)
    }

    /// `boolean`
    public mutating func append(_ value: Bool?) { add(value) }
    /// `smallint`
    public mutating func append(_ value: Int16?) { add(value) }
    /// `integer`
    public mutating func append(_ value: Int32?) { add(value) }
    /// `bigint`
    public mutating func append(_ value: Int64?) { add(value) }
    /// `bigint`
    public mutating func append(_ value: Int?) { add(value.map(Int64.init)) }
    /// `double precision`
    public mutating func append(_ value: Double?) { add(value) }
    /// `text`; cast it in the statement (`$1::order_status`) for other types written as text.
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

    private mutating func add<Value: WireValue>(_ value: Value?) {
        addParameter(oid: Value.oid, isNull: value == nil) { buffer in
            if let value { buffer.appendWire(value) }
        }
    }

    mutating func addArray<Value: WireValue>(_ values: [Value]?) {
        addParameter(oid: Value.arrayOID, isNull: values == nil) { buffer in
            if let values { buffer.appendWireArray(values) }
        }
    }

    mutating func addArray<Value: WireValue>(_ values: [Value?]) {
        addParameter(oid: Value.arrayOID, isNull: false) { $0.appendWireArray(values) }
    }

    private mutating func addParameter(
        oid: UInt32, isNull: Bool, _ encode: (inout [UInt8]) -> Void
    ) {
        let start = buffer.count - 1
        buffer.removeLast()
        encode(&buffer)
        oids.append(oid)
        offsets.append(start)
        lengths.append(isNull ? -1 : Int32(clamping: buffer.count - start))
        buffer.append(0)
    }
}
