import Foundation
import Postgres
import TestRandom
import Testing

/// Values of every type, there and back through the real server.
@Suite struct ValueTests {
    @Test func integersAtTheirLimits() async throws {
        let connection = try await freshConnection()
        var bindings = PostgresBindings()
        bindings.append(Int16.min)
        bindings.append(Int16.max)
        bindings.append(Int32.min)
        bindings.append(Int32.max)
        bindings.append(Int64.min)
        bindings.append(Int64.max)
        let row = try await connection.execute("select $1, $2, $3, $4, $5, $6", bindings)[0]
        #expect(try row.int16(0) == .min && row.int16(1) == .max)
        #expect(try row.int32(2) == .min && row.int32(3) == .max)
        #expect(try row.int64(4) == .min && row.int64(5) == .max)
        // Wider accessors read narrower columns, with their sign.
        #expect(try row.int64(0) == Int64(Int16.min) && row.int64(2) == Int64(Int32.min))
        #expect(try row.int32(0) == Int32(Int16.min))
    }

    @Test func otherScalars() async throws {
        let connection = try await freshConnection()
        let uuid = UUID()
        let text = "支付宝 naïve \u{1F9FE} \"quoted\" \\"
        let bytes = [UInt8](0...255)
        var bindings = PostgresBindings()
        bindings.append(true)
        bindings.append(-0.1)
        bindings.append(text)
        bindings.append(bytes)
        bindings.append(uuid)
        bindings.append("")
        bindings.append([UInt8]())
        bindings.appendJSON(#"{"a": [1, "二"]}"#)
        bindings.append(false)
        bindings.append(7)
        let row = try await connection.execute(
            "select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1.5::real, 'x'::\"char\"", bindings)[0]
        #expect(try row.bool(0))
        #expect(try row.double(1) == -0.1)
        #expect(try row.text(2) == text)
        #expect(try row.bytes(3) == bytes)
        #expect(try row.uuid(4) == uuid)
        #expect(try row.textOrNull(5) == "")
        #expect(try row.bytesOrNull(6) == [])
        #expect(try row.text(7) == #"{"a": [1, "二"]}"#)
        #expect(try !row.bool(8))
        #expect(try row.int64(9) == 7)
        #expect(try row.double(10) == 1.5)
        #expect(try row.text(11) == "x")
    }

    @Test func timesAndDates() async throws {
        let connection = try await freshConnection()
        let times: [Int64] = [
            0, -1, 1, 946_684_800_000_000, 1_700_000_000_123_456, -62_000_000_000,
        ]
        let days: [Int32] = [0, -1, 10_957, 20_000, -719_162]
        var bindings = PostgresBindings()
        bindings.append(times.map(PostgresTimestamp.init(microsecondsSinceEpoch:)))
        bindings.append(days.map(PostgresDate.init(daysSinceEpoch:)))
        bindings.append(PostgresTimestamp(microsecondsSinceEpoch: 1_700_000_000_123_456))
        bindings.append(PostgresDate(daysSinceEpoch: 19_676))
        let row = try await connection.execute(
            """
            select $1, $2, $3, $4,
                to_char($3 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), $4::text
            """, bindings)[0]
        #expect(try row.timestampArray(0).map(\.microsecondsSinceEpoch) == times)
        #expect(try row.dateArray(1).map(\.daysSinceEpoch) == days)
        #expect(try row.timestamp(2).microsecondsSinceEpoch == 1_700_000_000_123_456)
        #expect(try row.date(3).daysSinceEpoch == 19_676)
        #expect(try row.text(4) == "2023-11-14T22:13:20.123456")
        #expect(try row.text(5) == "2023-11-15")
    }

    @Test func timesBeyondTheRangesAreErrorsNotInfinities() async throws {
        let connection = try await freshConnection()
        for extreme in [Int64.min, Int64.min + 1, Int64.min / 2] {
            var bindings = PostgresBindings()
            bindings.append(PostgresTimestamp(microsecondsSinceEpoch: extreme))
            let error = await #expect(throws: PostgresError.self) {
                try await connection.execute("select $1", bindings)
            }
            #expect(error?.sqlState == "22008")
        }
        var bindings = PostgresBindings()
        bindings.append(PostgresTimestamp(microsecondsSinceEpoch: .max))
        let latest = try await connection.execute("select $1", bindings)[0]
        #expect(try latest.timestamp(0).microsecondsSinceEpoch == .max)
        let row = try await connection.execute(
            "select 'infinity'::timestamptz, '-infinity'::date, '294276-12-31'::timestamptz")[0]
        #expect(throws: PostgresError.self) { try row.timestamp(0) }
        #expect(throws: PostgresError.self) { try row.date(1) }
        #expect(throws: PostgresError.self) { try row.timestamp(2) }
    }

    @Test func nullsOfEveryType() async throws {
        let connection = try await freshConnection()
        var bindings = PostgresBindings()
        bindings.append(nil as Bool?)
        bindings.append(nil as Int16?)
        bindings.append(nil as Int32?)
        bindings.append(nil as Int64?)
        bindings.append(nil as Double?)
        bindings.append(nil as String?)
        bindings.append(nil as [UInt8]?)
        bindings.append(nil as UUID?)
        bindings.append(nil as PostgresTimestamp?)
        bindings.append(nil as PostgresDate?)
        bindings.appendJSON(nil as String?)
        let row = try await connection.execute(
            "select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11", bindings)[0]
        #expect(try row.boolOrNull(0) == nil)
        #expect(try row.int16OrNull(1) == nil)
        #expect(try row.int32OrNull(2) == nil)
        #expect(try row.int64OrNull(3) == nil)
        #expect(try row.doubleOrNull(4) == nil)
        #expect(try row.textOrNull(5) == nil)
        #expect(try row.bytesOrNull(6) == nil)
        #expect(try row.uuidOrNull(7) == nil)
        #expect(try row.timestampOrNull(8) == nil)
        #expect(try row.dateOrNull(9) == nil)
        #expect(try row.textOrNull(10) == nil)
    }

    @Test func arraysWithAndWithoutNulls() async throws {
        let connection = try await freshConnection()
        let uuids = [UUID(), UUID()]
        var bindings = PostgresBindings()
        bindings.append([Int16.min, 0, .max])
        bindings.append([Int32.min, 0, .max])
        bindings.append([Int64.min, 0, .max])
        bindings.append(["", "二", "c"])
        bindings.append([nil, "b", nil] as [String?])
        bindings.append([1, nil, 3] as [Int64?])
        bindings.append([[], [0, 255]] as [[UInt8]])
        bindings.append([true, false])
        bindings.append([nil, PostgresTimestamp(microsecondsSinceEpoch: 5)])
        bindings.append(uuids)
        bindings.appendJSON(["{}", "[1]"])
        bindings.append([Int64]())
        bindings.append([nil, nil] as [Int64?])
        let row = try await connection.execute(
            "select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13", bindings)[0]
        #expect(try row.int16Array(0) == [.min, 0, .max])
        #expect(try row.int32Array(1) == [.min, 0, .max])
        #expect(try row.int64Array(2) == [.min, 0, .max])
        #expect(try row.int64Array(0) == [Int64(Int16.min), 0, Int64(Int16.max)])
        #expect(try row.textArray(3) == ["", "二", "c"])
        #expect(try row.textOrNullArray(4) == [nil, "b", nil])
        #expect(try row.int64OrNullArray(5) == [1, nil, 3])
        #expect(try row.bytesArray(6) == [[], [0, 255]])
        #expect(try row.boolArray(7) == [true, false])
        #expect(
            try row.timestampOrNullArray(8)
                == [nil, PostgresTimestamp(microsecondsSinceEpoch: 5)])
        #expect(try row.uuidArray(9) == uuids)
        #expect(try row.textOrNullArray(10) == ["{}", "[1]"])
        #expect(try row.int64Array(11) == [])
        #expect(try row.int64OrNullArray(12) == [nil, nil])
        #expect(throws: PostgresError.self) { try row.int64Array(5) }
        #expect(throws: PostgresError.self) { try row.textArray(4) }
    }

    /// Columns of random values, as `unnest` sees them, come back as they went.
    @Test func randomColumnsThroughUnnest() async throws {
        let connection = try await freshConnection()
        let seed = UInt64.random(in: .min ... .max)
        print("randomColumnsThroughUnnest: seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let size = Int.random(in: 0...300, using: &random)
            let numbers = (0..<size).map { _ in
                Bool.random(using: &random) ? nil : Int64.random(in: .min ... .max, using: &random)
            }
            let texts = (0..<size).map { _ in randomText(&random) }
            var bindings = PostgresBindings()
            bindings.append(numbers)
            bindings.append(texts)
            let result = try await connection.execute(
                "select a, b from unnest($1, $2) with ordinality as t (a, b, n) order by n",
                bindings)
            #expect(try result.map { try $0.int64OrNull(0) } == numbers)
            #expect(try result.map { try $0.textOrNull(1) } == texts)
        }
    }

    private func randomText(_ random: inout SplitMix64) -> String? {
        if Int.random(in: 0..<5, using: &random) == 0 { return nil }
        let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "{", ",", "\n", "é", "元", "\u{1F4B0}"]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            if let scalar = scalars.randomElement(using: &random) { text.append(scalar) }
        }
        return String(text)
    }
}
