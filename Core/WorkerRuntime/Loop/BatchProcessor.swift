import Kafka
import Logging
import Logs
import Postgres
import Store

/// Processes a worker's batches, one at a time: retries each transaction, isolates poison, and
/// passes the events to the publisher.
///
/// A batch is retried until it is stored, or belongs to another owner: unavailable services are
/// waited for, records that break the handler are isolated, and partitions with too many dead
/// letters in a row are paused.
actor BatchProcessor<W: Worker> {
    /// The outcome of a batch.
    enum Outcome: Sendable {
        /// Its transaction is committed, up to the partitions that it has paused.
        case stored(paused: Set<TopicPartition>)
        /// A part of it isn't committed, because a partition has another owner or the worker is
        /// stopping: read the stored offsets again.
        case notStored
    }

    private let worker: W
    private let role: RoleContext
    private let pool: PostgresPool
    private let publisher: OutboxPublisher
    private let metrics: WorkerMetrics
    private let poisonLimit: Int
    private let logger: Logger
    private let outage: OutageLog

    private var consecutivePoison = ConsecutivePoison()
    private var topicIDs: [String: String] = [:]
    private var isAbandoned = false
    private var wait: Task<Void, any Error>?

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
        outage = OutageLog(logger)
    }

    /// Starts again after the stored offsets have been looked up.
    func begin(at position: PartitionTakeover.Position) {
        consecutivePoison = position.consecutivePoison
        topicIDs = position.topicIDs
        isAbandoned = false
    }

    /// No attempt is retried from now on, until ``begin(at:)``.
    func abandonRetries() {
        isAbandoned = true
        wait?.cancel()
    }

    /// Processes a batch.
    /// - Parameter pause: keeps the consumer from fetching while the batch is retried.
    func process(_ batch: Batch<W.Item>, _ pause: ConsumerPause) async -> Outcome {
        var backoff = Backoff()
        var batch = batch
        var isIsolating = false
        while !isAbandoned {
            let started = ContinuousClock.now
            do {
                let result = try await attempt(batch, isIsolating: isIsolating)
                metrics.recordBatch(
                    batch.entries.count, result.rejectedCount, result.poisonCount, since: started)
                await finish(result, pause)
                return .stored(paused: Set(batch.pauses.keys))
            } catch let limit as PoisonLimitError {
                batch = batch.paused(at: limit)
            } catch {
                switch await role.schema.verdict(on: error, pool) {
                case .retry:
                    await waitToRetry(after: backoff.next(), error, pause)
                case .fenced:
                    logger.warning(
                        "a partition has another owner", metadata: ["error": "\(error)"])
                    return .notStored
                case .poison(let why) where !isIsolating:
                    isIsolating = true
                    logger.error(
                        "a record breaks the handler; it is looked for, and becomes a dead letter",
                        metadata: ["reason": "\(why.reason)", "error": "\(why.error)"])
                case .poison:
                    // Not a record's fault: it is the dead letters, the offsets or the events that
                    // can't be stored.
                    await waitToRetry(after: backoff.next(), error, pause)
                }
            }
        }
        return .notStored
    }

    private func attempt(
        _ batch: Batch<W.Item>, isIsolating: Bool
    ) async throws -> BatchTransaction<W>.Result {
        let (run, topicIDs, now) = (consecutivePoison, topicIDs, role.clock.now())
        let result = try await pool.withConnection { connection in
            try await BatchTransaction(
                worker: self.worker, crashPoints: self.role.crashPoints,
                poisonLimit: self.poisonLimit, topicIDs: topicIDs, isIsolating: isIsolating,
                connection: connection
            ).run(batch, after: run, now: now)
        }
        consecutivePoison = result.consecutivePoison
        return result
    }

    private func finish(_ result: BatchTransaction<W>.Result, _ pause: ConsumerPause) async {
        role.crashPoints.reached(.committed)
        outage.recovered("batches are stored again")
        await pause.end()
        if let row = result.outbox { await publisher.publish(row) }
    }

    /// Waits, unless the worker is stopping, with the consumer paused.
    private func waitToRetry(
        after duration: Duration, _ error: any Error, _ pause: ConsumerPause
    ) async {
        metrics.retries.increment()
        metrics.recordObstacle(error)
        outage.failed("the batch can't be stored now; retrying", metadata: ["error": "\(error)"])
        await pause.begin()
        guard !isAbandoned else { return }
        let wait = Task { try await Task.sleep(for: duration) }
        self.wait = wait
        _ = try? await wait.value
        self.wait = nil
    }
}
