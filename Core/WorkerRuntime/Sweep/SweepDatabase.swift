import Postgres
import Synchronization

/// Whether the database takes a sweep's work. After an error that isn't a row's, the sweep claims
/// one row at a time, slowly, until a job succeeds: a job whose outcome can't be stored is done
/// again.
final class SweepDatabase: Sendable {
    private struct Obstacle {
        let text: String
        let passes: Bool
        let at: ContinuousClock.Instant
    }

    // Longer than a job's lease: a job that failed is claimed again before it ends.
    private static let memory = Duration.seconds(90)

    private let gate: SchemaGate
    private let pool: PostgresPool
    private let obstacle = Mutex<Obstacle?>(nil)

    /// - Parameter readiness: shows what is refused.
    init(gate: SchemaGate, pool: PostgresPool, readiness: Readiness) {
        self.gate = gate
        self.pool = pool
        readiness.add { [weak self] in self?.obstacle.withLock { $0?.text } }
    }

    /// Whether the last error was the database's or the master key's, and no job has succeeded
    /// since.
    var isRefusing: Bool { obstacle.withLock { $0 != nil } }

    /// A job's outcome is stored.
    func jobSucceeded() { obstacle.withLock { $0 = nil } }

    /// A claim succeeded.
    /// - Parameter count: of claimed rows; 0: no job will show whether an old obstacle lasts.
    func claimed(_ count: Int, at now: ContinuousClock.Instant = .now) {
        obstacle.withLock { obstacle in
            guard let last = obstacle else { return }
            if last.passes || (count == 0 && now - last.at > Self.memory) { obstacle = nil }
        }
    }

    /// A claim or a job failed.
    func failed(_ error: any Error, at now: ContinuousClock.Instant = .now) async {
        guard let text = EnvironmentError.text(of: error),
            await gate.verdict(on: error, pool) == .retry
        else { return }
        obstacle.withLock {
            $0 = Obstacle(text: text, passes: error.isTransientPostgresFailure, at: now)
        }
    }
}
