/// The object ids of PostgreSQL's built-in types (`pg_type.dat`), fixed in every version.
enum PostgresOID {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let json: UInt32 = 114
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let unknown: UInt32 = 705
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let date: UInt32 = 1082
    static let timestamptz: UInt32 = 1184
    static let uuid: UInt32 = 2950
    static let jsonb: UInt32 = 3802

    static let boolArray: UInt32 = 1000
    static let byteaArray: UInt32 = 1001
    static let int2Array: UInt32 = 1005
    static let int4Array: UInt32 = 1007
    static let textArray: UInt32 = 1009
    static let int8Array: UInt32 = 1016
    static let float8Array: UInt32 = 1022
    static let dateArray: UInt32 = 1182
    static let timestamptzArray: UInt32 = 1185
    static let uuidArray: UInt32 = 2951
    static let jsonbArray: UInt32 = 3807

    /// The first id given to types that users create; an enum's value travels as its label.
    static let firstUserDefined: UInt32 = 16384

    /// A name for messages.
    static func name(of oid: UInt32) -> String { names[oid] ?? "the type with oid \(oid)" }

    private static let names: [UInt32: String] = [
        bool: "boolean", bytea: "bytea", char: "\"char\"", name: "name", int8: "bigint",
        int2: "smallint", int4: "integer", text: "text", json: "json", float4: "real",
        float8: "double precision", unknown: "unknown", bpchar: "character", varchar: "varchar",
        date: "date", 1114: "timestamp", timestamptz: "timestamptz", 1700: "numeric", uuid: "uuid",
        jsonb: "jsonb", boolArray: "boolean[]", byteaArray: "bytea[]", int2Array: "smallint[]",
        int4Array: "integer[]", textArray: "text[]", int8Array: "bigint[]",
        float8Array: "double precision[]", dateArray: "date[]",
        timestamptzArray: "timestamptz[]", uuidArray: "uuid[]", jsonbArray: "jsonb[]",
        1015: "varchar[]",
    ]
}
