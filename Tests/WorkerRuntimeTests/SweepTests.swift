import Kafka
import Payments
import Postgres
import Synchronization
import TestWaiting
import Testing

@testable import WorkerRuntime

@Suite(.timeLimit(.minutes(2))) struct SweepTests {
    @Test func slotsCountWhatRuns() async {
        let slots = SweepSlots(limit: 3)
        #expect(await slots.room == 3)
        await slots.acquire(2)
        #expect(await slots.room == 1)
        await slots.waitForRoom()
        await slots.acquire(1)
        #expect(await slots.room == 0)
        async let waited: Void = slots.waitForRoom()
        await slots.release()
        await waited
        #expect(await slots.room == 1)
    }

    /// Jobs 0, 1, 2 …, counted while they run; a claim takes as many as it may.
    final class Jobs: Sweep {
        struct State {
            var waiting: [Int]
            var running = 0
            var most = 0
            var done: Set<Int> = []
        }

        struct Failure: Error {}

        let name = "jobs"
        let concurrency = 6
        let state: Mutex<State>
        let hold: Signal?

        init(count: Int, hold: Signal? = nil) {
            state = Mutex(State(waiting: Array(0..<count)))
            self.hold = hold
        }

        func claim(
            limit: Int, now: Timestamp, on connection: PostgresConnection
        ) async throws -> [Int] {
            state.withLock { state in
                let claimed = Array(state.waiting.prefix(limit))
                state.waiting.removeFirst(claimed.count)
                return claimed
            }
        }

        func perform(_ job: Int) async throws {
            state.withLock { state in
                state.running += 1
                state.most = max(state.most, state.running)
            }
            await hold?.wait()
            await Task.yield()
            state.withLock { state in
                state.running -= 1
                state.done.insert(job)
            }
            if job % 7 == 0 { throw Failure() }
        }
    }

    @Test func aSweepDoesEveryJobAndKeepsItsLimit() async throws {
        let stage = try await Stage.open()
        let (jobs, pool) = (Jobs(count: 200), stage.pool())
        let service = RunningService(
            SweepService(jobs, role: try stage.role(), pool: pool), logger: stage.logger)
        try await eventually("every job is done") { jobs.state.withLock { $0.done.count == 200 } }
        try await service.stop()
        await pool.close()
        let state = jobs.state.withLock { $0 }
        #expect(state.most <= 6)
        #expect(stage.metrics.value(of: "tally_sweep_jobs_total") == 200)
    }

    @Test func aStopWaitsForTheJobsInFlight() async throws {
        let stage = try await Stage.open()
        let hold = Signal()
        let (jobs, pool) = (Jobs(count: 40, hold: hold), stage.pool())
        let service = RunningService(
            SweepService(jobs, role: try stage.role(), pool: pool), logger: stage.logger)
        try await eventually("all slots are taken") {
            jobs.state.withLock { $0.running == 6 }
        }
        await service.beginStopping()
        await hold.set()
        try await service.stop()
        await pool.close()
        // The jobs in flight have ended; none is half done.
        #expect(jobs.state.withLock { $0.running } == 0)
        #expect(jobs.state.withLock { $0.done.count + $0.waiting.count } == 40)
    }
}
