import Foundation
import Postgres
import Synchronization
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

    @Test func textInChunksThatCutRows() async throws {
        let connection = try await freshConnection()
        try await connection.execute("create table t (x bigint, y text)")
        let bytes = Array("1\tone\n2\t\\N\n3\t三\n".utf8)
        let chunks = bytes.map { [$0] }
        #expect(try await connection.copyIn("copy t from stdin", chunks: chunks) == 3)
        #expect(try await count(connection, "t where y is null") == 1)
    }

    @Test func aRefusedRowStoresNothingAndKeepsTheConnection() async throws {
        let connection = try await freshConnection()
        try await connection.execute("create table t (x bigint primary key)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("copy t from stdin", chunks: [Array("1\n1\n".utf8)])
        }
        #expect(error?.isUniqueViolation == true)
        #expect(try await count(connection, "t") == 0)
        let inTransaction = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                try await transaction.copyIn("copy t from stdin", chunks: [Array("x\n".utf8)])
            }
        }
        #expect(inTransaction?.sqlState == "22P02")
        #expect(connection.isHealthy)
    }

    @Test func rowsOut() async throws {
        let connection = try await freshConnection()
        let lines = Mutex<[String]>([])
        try await connection.copyOut(
            "copy (select n, 'row ' || n from generate_series(1, 3) n) to stdout"
        ) { bytes in
            let line = String(decoding: bytes, as: UTF8.self)
            lines.withLock { $0.append(line) }
        }
        #expect(lines.withLock { $0 } == ["1\trow 1\n", "2\trow 2\n", "3\trow 3\n"])
    }

    private struct Enough: Error {}

    @Test func aReaderThatHasEnoughEndsTheCopy() async throws {
        let connection = try await freshConnection()
        let seen = Mutex(0)
        await #expect(throws: Enough.self) {
            try await connection.copyOut(
                "copy (select * from generate_series(1, 50000000)) to stdout"
            ) { _ in
                let count = seen.withLock { count in
                    count += 1
                    return count
                }
                if count == 10 { throw Enough() }
            }
        }
        #expect(seen.withLock { $0 } == 10)
        #expect(connection.isHealthy)
        #expect(try await single(connection, "select 1") { try $0.int32(0) } == 1)
    }

    @Test func aStatementThatIsNoCopyIsRefused() async throws {
        let connection = try await freshConnection()
        await #expect(throws: PostgresError.self) {
            try await connection.copyIn("select 1", chunks: [])
        }
        #expect(connection.isHealthy)
        await #expect(throws: PostgresError.self) {
            try await connection.execute("copy (select 1) to stdout")
        }
    }
}
