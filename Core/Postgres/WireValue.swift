import Foundation

/// A value with a binary form of PostgreSQL's (its `typsend`/`typreceive` functions): big-endian.
protocol WireValue {
    static var oid: UInt32 { get }
    static var arrayOID: UInt32 { get }
    /// How many bytes `write` writes.
    var wireSize: Int { get }
    func write(to writer: inout WireWriter)
}

extension Bool: WireValue {
    static var oid: UInt32 { PostgresOID.bool }
    static var arrayOID: UInt32 { PostgresOID.boolArray }
    var wireSize: Int { 1 }
    func write(to writer: inout WireWriter) { writer.put(self ? 1 : 0 as UInt8) }
}

extension Int16: WireValue {
    static var oid: UInt32 { PostgresOID.int2 }
    static var arrayOID: UInt32 { PostgresOID.int2Array }
    var wireSize: Int { 2 }
    func write(to writer: inout WireWriter) { writer.put(self) }
}

extension Int32: WireValue {
    static var oid: UInt32 { PostgresOID.int4 }
    static var arrayOID: UInt32 { PostgresOID.int4Array }
    var wireSize: Int { 4 }
    func write(to writer: inout WireWriter) { writer.put(self) }
}

extension Int64: WireValue {
    static var oid: UInt32 { PostgresOID.int8 }
    static var arrayOID: UInt32 { PostgresOID.int8Array }
    var wireSize: Int { 8 }
    func write(to writer: inout WireWriter) { writer.put(self) }
}

extension Double: WireValue {
    static var oid: UInt32 { PostgresOID.float8 }
    static var arrayOID: UInt32 { PostgresOID.float8Array }
    var wireSize: Int { 8 }
    func write(to writer: inout WireWriter) { writer.put(bitPattern) }
}

extension String: WireValue {
    static var oid: UInt32 { PostgresOID.text }
    static var arrayOID: UInt32 { PostgresOID.textArray }
    var wireSize: Int { utf8.count }
    func write(to writer: inout WireWriter) { writer.put(text: self) }
}

extension [UInt8]: WireValue {
    static var oid: UInt32 { PostgresOID.bytea }
    static var arrayOID: UInt32 { PostgresOID.byteaArray }
    var wireSize: Int { count }
    func write(to writer: inout WireWriter) { withUnsafeBytes { writer.put(bytes: $0) } }
}

extension UUID: WireValue {
    static var oid: UInt32 { PostgresOID.uuid }
    static var arrayOID: UInt32 { PostgresOID.uuidArray }
    var wireSize: Int { 16 }
    func write(to writer: inout WireWriter) {
        withUnsafeBytes(of: uuid) { writer.put(bytes: $0) }
    }
}

extension PostgresTimestamp: WireValue {
    static var oid: UInt32 { PostgresOID.timestamptz }
    static var arrayOID: UInt32 { PostgresOID.timestamptzArray }
    var wireSize: Int { 8 }
    func write(to writer: inout WireWriter) { writer.put(serverMicroseconds) }
}

extension PostgresDate: WireValue {
    static var oid: UInt32 { PostgresOID.date }
    static var arrayOID: UInt32 { PostgresOID.dateArray }
    var wireSize: Int { 4 }
    func write(to writer: inout WireWriter) { writer.put(serverDays) }
}

/// The text of a JSON document on its way to a `jsonb`: a version byte, then the text.
struct JSONBText: WireValue {
    static var oid: UInt32 { PostgresOID.jsonb }
    static var arrayOID: UInt32 { PostgresOID.jsonbArray }
    static let version: UInt8 = 1

    var text: String
    var wireSize: Int { 1 + text.utf8.count }
    func write(to writer: inout WireWriter) {
        writer.put(Self.version)
        writer.put(text: text)
    }
}
