import Logging
import Logs
import Payments
public import Postgres
public import ServiceLifecycle

/// Runs a sweep: claims due rows, a bounded number at a time, until graceful shutdown; then waits
/// for the jobs in flight.
public struct SweepService<S: Sweep>: Service {
    let sweep: S
    let role: RoleContext
    let pool: PostgresPool
    private let claims: OutageLog
    private let jobs: OutageLog
    private let database: SweepDatabase

    /// - Parameter pool: used for claims.
    public init(_ sweep: S, role: RoleContext, pool: PostgresPool) {
        self.sweep = sweep
        self.role = role
        self.pool = pool
        claims = OutageLog(role.logger)
        jobs = OutageLog(role.logger)
        database = SweepDatabase(gate: role.schema, pool: pool, readiness: role.readiness)
    }

    /// Runs until graceful shutdown.
    public func run() async throws {
        let slots = SweepSlots(limit: sweep.concurrency)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                await work(slots, in: &group)
                // Jobs that take longer are cancelled, and claimed again when their lease has
                // expired.
                await slots.waitUntilIdle(within: Self.grace)
                group.cancelAll()
            }
        } onGracefulShutdown: {
            Task { await slots.stopWaiting() }
        }
    }

    // How long jobs in flight may take during a shutdown.
    private static var grace: Duration { .seconds(3) }

    // After work there is usually more soon: the pauses between claims begin short and double.
    private static var shortestPause: Duration { .milliseconds(5) }

    private func work(_ slots: SweepSlots, in group: inout DiscardingTaskGroup) async {
        let done = role.metrics.counter(
            "tally_sweep_jobs_total", help: "Jobs finished.", labels: ["sweep": sweep.name])
        var backoff = Backoff()
        var pause = Self.shortestPause
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await slots.waitForRoom()
            await role.schema.waitUntilOpen(pool)
            if database.isRefusing { await rest(backoff.next()) }
            do {
                let jobs = try await claim(slots)
                database.claimed(jobs.count)
                if !database.isRefusing { backoff.reset() }
                claims.recovered("due work is claimed again")
                if !jobs.isEmpty { role.crashPoints.reached(.polled) }
                await slots.acquire(jobs.count)
                for job in jobs {
                    group.addTask {
                        await perform(job)
                        await slots.release()
                        done.increment()
                    }
                }
                guard jobs.isEmpty else {
                    pause = Self.shortestPause
                    continue
                }
                await rest(min(pause, role.idlePoll))
                pause = min(pause * 2, role.idlePoll)
            } catch {
                await rest(backoff.next(), after: error)
            }
        }
    }

    private func claim(_ slots: SweepSlots) async throws -> [S.Job] {
        let room = min(await slots.room, database.isRefusing ? 1 : .max)
        guard room > 0 else { return [] }
        let now = role.clock.now()
        // A role that stops doesn't wait for an unavailable database.
        return try await cancelWhenGracefulShutdown {
            try await pool.withConnection { connection in
                try await sweep.claim(limit: room, now: now, on: connection)
            }
        }
    }

    private func perform(_ job: S.Job) async {
        do {
            try await sweep.perform(job)
            database.jobSucceeded()
            jobs.recovered("jobs succeed again")
        } catch {
            await database.failed(error)
            jobs.failed(
                "a job failed; it is retried when its lease has expired",
                metadata: ["sweep": "\(sweep.name)", "error": "\(error)"])
        }
    }

    private func rest(_ pause: Duration, after error: any Error) async {
        await database.failed(error)
        claims.failed(
            "can't claim due work; retrying",
            metadata: ["sweep": "\(sweep.name)", "error": "\(error)"])
        await rest(pause)
    }

    private func rest(_ pause: Duration) async {
        _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
    }
}
