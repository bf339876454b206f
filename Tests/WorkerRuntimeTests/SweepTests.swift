import Kafka
import Payments
import Postgres
import Synchronization
import TestWaiting
import Testing

@testable import WorkerRuntime

@Suite(.timeLimit(.minutes(2))) struct SweepTests {
    @Test func slotsCountInAllAndByLane() async {
        let slots = SweepSlots(limit: 3, laneLimit: 2)
        #expect(await slots.room == 3)
        await slots.acquire("a")
        #expect(await slots.fullLanes == [])
        await slots.acquire("a")
        #expect(await slots.fullLanes == ["a"])
        await slots.waitForRoom()
        await slots.acquire("b")
        #expect(await slots.room == 0)
        async let waited: Void = slots.waitForRoom()
        await slots.release("a")
        await waited
        #expect(await slots.room == 1)
        #expect(await slots.fullLanes == [])
    }

    /// Jobs 0, 1, 2 … in lanes, counted while they run.
    final class Jobs: Sweep {
        struct State {
            var waiting: [Int]
            var running: [String: Int] = [:]
            var most = 0
            var mostInALane = 0
            var done: Set<Int> = []
        }

        struct Failure: Error {}

        let name = "jobs"
        let concurrency = 6
        let laneConcurrency = 2
        let state: Mutex<State>
        let hold: Signal?

        init(count: Int, hold: Signal? = nil) {
            state = Mutex(State(waiting: Array(0..<count)))
            self.hold = hold
        }

        func lane(of job: Int) -> String { job % 10 == 0 ? "rare" : "busy" }

        func claim(
            limit: Int, excluding lanes: [String], now: Timestamp,
            on connection: PostgresConnection
        ) async throws -> [Int] {
            state.withLock { state in
                let free = state.waiting.filter { !lanes.contains(lane(of: $0)) }
                let claimed = Array(free.prefix(min(limit, 1)))
                state.waiting.removeAll { claimed.contains($0) }
                return claimed
            }
        }

        func perform(_ job: Int) async throws {
            let lane = lane(of: job)
            state.withLock { state in
                state.running[lane, default: 0] += 1
                state.most = max(state.most, state.running.values.reduce(0, +))
                state.mostInALane = max(state.mostInALane, state.running[lane] ?? 0)
            }
            await hold?.wait()
            await Task.yield()
            state.withLock { state in
                state.running[lane, default: 0] -= 1
                state.done.insert(job)
            }
            if job % 7 == 0 { throw Failure() }
        }
    }

    @Test func aSweepDoesEveryJobAndKeepsItsLimits() async throws {
        let stage = try await Stage.open()
        let (jobs, pool) = (Jobs(count: 200), stage.pool())
        let service = RunningService(
            SweepService(jobs, role: try stage.role(), pool: pool), logger: stage.logger)
        try await eventually("every job is done") { jobs.state.withLock { $0.done.count == 200 } }
        try await service.stop()
        await pool.close()
        let state = jobs.state.withLock { $0 }
        #expect(state.most <= 6)
        #expect(state.mostInALane <= 2)
        #expect(stage.metrics.value(of: "tally_sweep_jobs_total") == 200)
    }

    @Test func aLaneThatHangsLeavesRoomForOthersAndAStopWaitsForIt() async throws {
        let stage = try await Stage.open()
        let hold = Signal()
        let (jobs, pool) = (Jobs(count: 40, hold: hold), stage.pool())
        let service = RunningService(
            SweepService(jobs, role: try stage.role(), pool: pool), logger: stage.logger)
        try await eventually("both lanes are full") {
            jobs.state.withLock { $0.running == ["busy": 2, "rare": 2] }
        }
        await service.beginStopping()
        await hold.set()
        try await service.stop()
        await pool.close()
        // The jobs in flight have ended; none is half done.
        #expect(jobs.state.withLock { $0.running.values.reduce(0, +) } == 0)
        #expect(jobs.state.withLock { $0.done.count + $0.waiting.count } == 40)
    }
}
