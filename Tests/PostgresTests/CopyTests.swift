import Foundation
import Postgres
import Testing

@Suite struct CopyTests {
    @Test func binaryRowsInOfEveryType() async throws {
        let connection = try await freshConnection()
        try await connection.execute(
            """
            create table t (a boolean, b smallint, c integer, d bigint, e double precision, f text,
                g bytea, h uuid, i timestamptz, j date, k jsonb)
            """)
        let uuid = UUID()
        var rows = PostgresCopyRows(columns: 11)
        rows.beginRow()
        rows.append(true)
        rows.append(Int16.min)
        rows.append(Int32.max)
        rows.append(Int64.min)
        rows.append(0.5)
        rows.append("行\t\\N\n")
        rows.append([0, 1, 255] as [UInt8])
        rows.append(uuid)
        rows.append(PostgresTimestamp(microsecondsSinceEpoch: 42))
        rows.append(PostgresDate(daysSinceEpoch: -3))
        rows.appendJSON("[1]")
        rows.beginRow()
        rows.append(nil as Bool?)
        rows.append(nil as Int16?)
        rows.append(nil as Int32?)
        rows.append(nil as Int64?)
        rows.append(nil as Double?)
        rows.append(nil as String?)
        rows.append(nil as [UInt8]?)
        rows.append(nil as UUID?)
        rows.append(nil as PostgresTimestamp?)
        rows.append(nil as PostgresDate?)
        rows.appendJSON(nil)
        let stored = try await connection.copyIn("copy t from stdin (format binary)", rows)
        #expect(stored == 2)
        let result = try await connection.execute("select * from t order by a nulls last")
        let row = result[0]
        #expect(try row.bool(0) && row.int16(1) == .min && row.int32(2) == .max)
        #expect(try row.int64(3) == .min && row.double(4) == 0.5 && row.text(5) == "行\t\\N\n")
        #expect(try row.bytes(6) == [0, 1, 255] && row.uuid(7) == uuid)
        #expect(try row.timestamp(8).microsecondsSinceEpoch == 42)
        #expect(try row.date(9).daysSinceEpoch == -3 && row.text(10) == "[1]")
        #expect(try result[1].textOrNull(5) == nil)
    }

    @Test func aRefusedRowStoresNothingAndKeepsTheConnection() async throws {
        let connection = try await freshConnection()
        try await connection.execute("create table t (x bigint primary key)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("copy t from stdin (format binary)", bigints([1, 1]))
        }
        #expect(error?.isUniqueViolation == true)
        #expect(try await count(connection, "t") == 0)
        var tooShort = PostgresCopyRows(columns: 1)
        tooShort.beginRow()
        tooShort.append(Int32(1))
        let inTransaction = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                try await transaction.copyIn("copy t from stdin (format binary)", tooShort)
            }
        }
        #expect(inTransaction?.sqlState == "08P01")
        #expect(connection.isHealthy)
    }

    @Test func aStatementThatIsNoCopyIsRefused() async throws {
        let connection = try await freshConnection()
        await #expect(throws: PostgresError.self) {
            try await connection.copyIn("select 1", bigints([1]))
        }
        await #expect(throws: PostgresError.self) {
            try await connection.copyIn("create table u (x int)", bigints([1]))
        }
        #expect(connection.isHealthy)
        await #expect(throws: PostgresError.self) {
            try await connection.execute("copy (select 1) to stdout")
        }
    }

    private func bigints(_ values: [Int64]) -> PostgresCopyRows {
        var rows = PostgresCopyRows(columns: 1)
        for value in values {
            rows.beginRow()
            rows.append(value)
        }
        return rows
    }
}
