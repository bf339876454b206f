import Postgres
import TestServices
import TestWaiting
import Testing

@Suite struct PoolTests {
    private func pool(_ url: String, size: Int, patience: Duration = .seconds(10)) -> PostgresPool {
        PostgresPool(url: url, size: size, patience: patience, logger: quiet)
    }

    @Test func servesFirstComeFirstServed() async throws {
        let pool = pool(try await TestServices.shared.freshDatabase(), size: 1)
        let order = Box<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await pool.withConnection { _ in
                for number in 1...20 {
                    group.addTask {
                        try await pool.withConnection { _ in
                            order.update { $0.append(number) }
                        }
                    }
                    try await eventually("it waits") { pool.counts.waiting == number }
                }
            }
            try await group.waitForAll()
        }
        #expect(order.value == Array(1...20))
        #expect(pool.counts == PostgresPoolCounts(idle: 1, used: 0, opening: 0, waiting: 0))
        await pool.close()
    }

    @Test func aCancelledRequestLeavesTheQueue() async throws {
        let pool = pool(try await TestServices.shared.freshDatabase(), size: 1)
        try await pool.withConnection { _ in
            let waiting = Task { try await pool.withConnection { _ in } }
            try await eventually("it waits") { pool.counts.waiting == 1 }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(pool.counts.waiting == 0)
        }
        let cancelledBefore = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await pool.withConnection { _ in }
        }
        _ = await cancelledBefore.result
        try await eventually("it is free") { pool.counts.used == 0 }
        await pool.close()
    }

    @Test func patienceEnds() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let pool = pool(url, size: 1, patience: .seconds(2))
        try await pool.withConnection { _ in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { _ in }
            }
            #expect(error?.isTransient == true)
            #expect(error?.description.contains("1 are in use") == true)
        }
        await pool.close()

        let nowhere = self.pool(
            "postgresql://x@127.0.0.1:1/x", size: 2, patience: .milliseconds(200))
        let error = await #expect(throws: PostgresError.self) {
            try await nowhere.withConnection { _ in }
        }
        #expect(error?.isTransient == true)
        #expect(error?.description.contains("refused") == true)
        await nowhere.close()
    }

    @Test func recoversWhenItsConnectionsAreTerminated() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let pool = pool(url, size: 3)
        let admin = try await PostgresConnection.connect(url, logger: quiet)
        try await admin.execute("create table t (x int)")
        for round in 1...5 {
            // All three open, then idle, then closed.
            let pids = Box<Set<Int32>>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            let pid = try await backendPID(connection)
                            pids.update { $0.insert(pid) }
                            try await eventually("all are open") { pids.value.count == 3 }
                        }
                    }
                }
                try await group.waitForAll()
            }
            for pid in pids.value { try await terminate(pid, through: admin) }
            try await pool.transaction { transaction in
                try await transaction.execute("insert into t values (1)")
            }
            #expect(try await count(admin, "t") == round)
        }
        await pool.close()
        #expect(pool.counts == PostgresPoolCounts(idle: 0, used: 0, opening: 0, waiting: 0))
        await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
    }

    @Test func closeWaitsForBorrowedConnections() async throws {
        let pool = pool(try await TestServices.shared.freshDatabase(), size: 1)
        let isReturned = Box(false)
        let closing = try await pool.withConnection { connection in
            let closing = Task {
                await pool.close()
                return isReturned.value
            }
            await Task.yield()
            try await connection.execute("select 1")
            isReturned.update { $0 = true }
            return closing
        }
        #expect(await closing.value)
    }

    @Test func manyTasksShareAFewConnections() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let pool = pool(url, size: 4)
        let admin = try await PostgresConnection.connect(url, logger: quiet)
        try await admin.executeScript("create table t (x int); insert into t values (0)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<300 {
                group.addTask {
                    _ = try await pool.transaction { transaction in
                        try await transaction.execute("update t set x = x + 1")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await single(admin, "select x from t") { try $0.int32(0) } == 300)
        #expect(pool.counts.idle <= 4)
        await pool.close()
    }
}
