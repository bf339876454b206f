import Composition
import Logging
import Payments
import Postgres
import Simulator
import Store

/// Reads a played day's progress again and again while it is played.
package struct DayWatch: Sendable {
    let databaseURL: String
    let clock: PlayClock
    let plan: DayPlan
    let end: Timestamp
    let logger: Logger

    /// Calls `show` with the progress about every `interval`, until the task is cancelled.
    ///
    /// The pause is at least twenty times the query's duration, so that watching costs the database
    /// five percent of a connection at most.
    package func run(
        every interval: Duration, show: @Sendable (DayProgress) -> Void
    ) async throws {
        let connection = try await PostgresConnection.connect(
            databaseURL, applicationName: "tally-watch", logger: logger)
        let schedule = FaultSchedule(plan)
        let length = max(1, end.seconds(since: plan.day.start))
        while !Task.isCancelled {
            let started = ContinuousClock.now
            let counts = try await connection.run(LiveCounts()).first ?? LiveCounts.Row()
            let now = clock.now()
            let passed = now.seconds(since: plan.day.start)
            show(
                DayProgress(
                    now: now, share: min(1, Double(passed) / Double(length)), counts: counts,
                    faults: schedule.counts(until: now)))
            let cost = (ContinuousClock.now - started) * 20
            try await Task.sleep(for: max(interval, cost))
        }
        await connection.close()
    }
}
