import Postgres
import TestServices
import TestWaiting
import Testing

@Suite(.serialized) struct ConnectionTests {
    @Test func aServerThatIsNotThereIsATransientError() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.connect(
                "postgresql://someone:hush@127.0.0.1:1/db", logger: quiet)
        }
        #expect(error?.isTransient == true)
        #expect(error?.description.contains("hush") == false)
    }

    @Test func aURLThatIsNoneIsAnError() async throws {
        await #expect(throws: PostgresError.self) {
            try await PostgresConnection.connect("postgresql://[", logger: quiet)
        }
    }

    @Test func aClosedConnectionSaysSo() async throws {
        let connection = try await freshConnection()
        await connection.close()
        await connection.close()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.execute("select 1")
        }
        #expect(error?.isTransient == false)
        #expect(!connection.isHealthy)
    }

    @Test func aLongStatementDoesNotBlockOtherTasks() async throws {
        // More sleeping connections than the machine has cores, and still the tasks go on.
        let url = try await TestServices.shared.freshDatabase()
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let connection = try await PostgresConnection.connect(url, logger: quiet)
                    try await connection.execute("select pg_sleep(2)")
                }
            }
            try await group.waitForAll()
        }
        // One after another they would take 32 s.
        #expect(ContinuousClock.now - started < .seconds(25))
    }

    @Test func aThousandConnectionsLeaveNothingBehind() async throws {
        let url = try await TestServices.shared.freshDatabase()
        // What is opened once and kept.
        _ = try await PostgresConnection.connect(url, logger: quiet).execute("select 1")
        let descriptors = try entryCount("/proc/self/fd")
        let threads = try entryCount("/proc/self/task")
        for number in 0..<1_000 {
            let connection = try await PostgresConnection.connect(url, logger: quiet)
            if number % 10 == 0 { try await connection.execute("select 1") }
            if number % 2 == 0 { await connection.close() }
        }
        // Room for what other tests do meanwhile; a leak would be a thousand.
        try await eventually("the closed connections are gone") {
            try entryCount("/proc/self/fd") < descriptors + 200
                && entryCount("/proc/self/task") < threads + 200
        }
    }

    @Test func throughputOfUnnest() async throws {
        let connection = try await freshConnection()
        try await connection.execute(
            "create table t (id bigint, at timestamptz, name text, note text)")
        let batch = 1_000
        let batches = 100
        let note = String(repeating: "n", count: 350)
        let started = ContinuousClock.now
        for number in 0..<batches {
            var bindings = PostgresBindings()
            let ids = (0..<batch).map { Int64(number * batch + $0) }
            bindings.append(ids)
            bindings.append(ids.map { PostgresTimestamp(microsecondsSinceEpoch: $0) })
            bindings.append(ids.map { "name \($0)" })
            bindings.append(ids.map { _ in note })
            try await connection.execute(
                "insert into t select * from unnest($1, $2, $3, $4)", bindings)
        }
        let elapsed = ContinuousClock.now - started
        let rate = Double(batch * batches) / (elapsed / .seconds(1))
        print("throughputOfUnnest: \(Int(rate)) rows/s of 400 B in batches of \(batch)")
        #expect(try await count(connection, "t") == Int64(batch * batches))
    }
}
