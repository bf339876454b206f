import Kafka
import Logging
import Postgres
import Store

/// Stores a worker's batches, one at a time, and hands their events to the publisher.
///
/// A batch is tried until it is stored, or is another's to store: what is away is waited for, and
/// a record that breaks the handler is found by halving.
actor BatchStore<W: Worker> {
    /// How it ended with a batch.
    enum Ending: Sendable {
        /// All of it has taken effect.
        case stored
        /// Some of it has not, and is not this worker's to store: look up the offsets again.
        case lost
        /// The worker is to stop.
        case stopped(PoisonLimitError)
    }

    private let worker: W
    private let role: RoleContext
    private let pool: PostgresPool
    private let publisher: OutboxPublisher
    private let metrics: WorkerMetrics
    private let poisonLimit: Int
    private let logger: Logger

    private var consecutivePoison = ConsecutivePoison(length: 0)
    private var isAbandoned = false
    private var pause: Task<Void, any Error>?

    init(
        worker: W, role: RoleContext, pool: PostgresPool, publisher: OutboxPublisher,
        metrics: WorkerMetrics, poisonLimit: Int, logger: Logger
    ) {
        self.worker = worker
        self.role = role
        self.pool = pool
        self.publisher = publisher
        self.metrics = metrics
        self.poisonLimit = poisonLimit
        self.logger = logger
    }

    /// Begins anew after a look at the stored offsets.
    func begin(after run: ConsecutivePoison) {
        consecutivePoison = run
        isAbandoned = false
    }

    /// Has a batch that is being retried given up, until ``begin(after:)``.
    func abandon() {
        isAbandoned = true
        pause?.cancel()
    }

    /// Stores a batch.
    /// - Parameter hold: keeps the group's membership while the batch can't be stored.
    func store(_ batch: Batch<W.Item>, _ hold: ConsumerPause) async -> Ending {
        var backoff = Backoff()
        while !isAbandoned {
            let started = ContinuousClock.now
            do {
                let stored = try await attempt(batch)
                metrics.noteBatch(
                    batch.entries.count, stored.rejectedCount, stored.poisonCount, since: started)
                await finish(stored, hold)
                return .stored
            } catch let error as PoisonLimitError {
                return .stopped(error)
            } catch {
                switch Verdict(error) {
                case .retry:
                    await rest(backoff.next(), error, hold)
                case .fenced:
                    logger.warning("lost a partition", metadata: ["error": "\(error)"])
                    return .lost
                case .poison(let why):
                    return await storeAround(why, batch, hold)
                }
            }
        }
        return .lost
    }

    private func attempt(_ batch: Batch<W.Item>) async throws -> BatchTransaction<W>.Stored {
        let (run, now) = (consecutivePoison, role.clock.now())
        let stored = try await pool.withConnection { connection in
            try await BatchTransaction(
                worker: self.worker, crashPoints: self.role.crashPoints,
                poisonLimit: self.poisonLimit,
                connection: connection
            ).store(batch, after: run, now: now)
        }
        consecutivePoison = stored.consecutivePoison
        return stored
    }

    private func finish(_ stored: BatchTransaction<W>.Stored, _ hold: ConsumerPause) async {
        role.crashPoints.reached(.committed)
        await hold.release()
        if let row = stored.outbox { await publisher.publish(row) }
    }

    /// Halves a batch that breaks the handler until the record that does it stands alone.
    private func storeAround(
        _ why: Poison, _ batch: Batch<W.Item>, _ hold: ConsumerPause
    ) async -> Ending {
        guard batch.entries.count > 1 else {
            logger.error(
                "a record breaks the handler; it becomes a dead letter",
                metadata: ["reason": "\(why.reason)", "error": "\(why.error)"])
            return await store(batch.poisoned(why), hold)
        }
        let (first, second) = batch.halves
        let ending = await store(first, hold)
        guard case .stored = ending else { return ending }
        return await store(second, hold)
    }

    /// Waits; a worker that is to stop doesn't wait for what is away.
    private func rest(_ duration: Duration, _ error: any Error, _ hold: ConsumerPause) async {
        metrics.retries.increment()
        metrics.isDatabaseUnavailable = true
        logger.warning(
            "the batch can't be stored now; trying again",
            metadata: ["pause": "\(duration)", "error": "\(error)"])
        await hold.keep()
        guard !isAbandoned else { return }
        let pause = Task { try await Task.sleep(for: duration) }
        self.pause = pause
        _ = try? await pause.value
        self.pause = nil
    }
}
