import Logging
import Payments
public import Postgres
public import ServiceLifecycle

/// Runs a sweep: claims what is due, a bounded number at a time, until graceful shutdown; then
/// lets what is under way finish.
public struct SweepService<S: Sweep>: Service {
    let sweep: S
    let role: RoleContext
    let pool: PostgresPool

    /// - Parameter pool: where claims are made.
    public init(_ sweep: S, role: RoleContext, pool: PostgresPool) {
        self.sweep = sweep
        self.role = role
        self.pool = pool
    }

    /// Runs until graceful shutdown.
    public func run() async throws {
        let slots = SweepSlots(limit: sweep.concurrency, laneLimit: sweep.laneConcurrency)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                await work(slots, in: &group)
                // Who takes longer is cut off; its lease runs out and the job comes again.
                await slots.waitUntilIdle(within: Self.grace)
                group.cancelAll()
            }
        } onGracefulShutdown: {
            Task { await slots.hurry() }
        }
    }

    // How long jobs may take to end once the role is to stop.
    private static var grace: Duration { .seconds(3) }

    private func work(_ slots: SweepSlots, in group: inout DiscardingTaskGroup) async {
        let done = role.metrics.counter(
            "tally_sweep_jobs_total", help: "Jobs finished.", labels: ["sweep": sweep.name])
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await slots.waitForRoom()
            do {
                let jobs = try await claim(slots)
                backoff.reset()
                if !jobs.isEmpty { role.crashPoints.reached(.polled) }
                for job in jobs {
                    let lane = sweep.lane(of: job)
                    await slots.take(lane)
                    group.addTask {
                        await perform(job)
                        await slots.giveBack(lane)
                        done.increment()
                    }
                }
                if jobs.isEmpty { await rest(role.idlePoll) }
            } catch {
                await rest(backoff.next(), after: error)
            }
        }
    }

    private func claim(_ slots: SweepSlots) async throws -> [S.Job] {
        let room = await slots.room
        let full = await slots.fullLanes
        guard room > 0 else { return [] }
        let now = role.clock.now()
        // A database that is away isn't waited for once the role is to stop.
        return try await cancelWhenGracefulShutdown {
            try await pool.withConnection { connection in
                try await sweep.claim(limit: room, excluding: full, now: now, on: connection)
            }
        }
    }

    private func perform(_ job: S.Job) async {
        do {
            try await sweep.perform(job)
        } catch {
            role.logger.warning(
                "a job failed; it comes again when its lease runs out",
                metadata: ["sweep": "\(sweep.name)", "error": "\(error)"])
        }
    }

    private func rest(_ pause: Duration, after error: any Error) async {
        role.logger.warning(
            "can't look for due work; trying again",
            metadata: ["sweep": "\(sweep.name)", "pause": "\(pause)", "error": "\(error)"])
        await rest(pause)
    }

    private func rest(_ pause: Duration) async {
        _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
    }
}
