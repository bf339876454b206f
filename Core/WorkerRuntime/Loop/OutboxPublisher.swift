import Kafka
import Logging
import Logs
import Postgres
import ServiceLifecycle
import Store

/// Publishes outbox rows in the order of ``publish(_:)``, and deletes each once the broker has
/// acknowledged all its events.
///
/// The batch loop queues a row and continues with the next batch; at most `limit` rows are queued,
/// so an unavailable broker stops the loop instead of filling memory. Rows that are acknowledged
/// and can't be deleted are deleted later, and never published again by this process.
actor OutboxPublisher {
    private let send: @Sendable ([OutgoingEvent]) async throws -> Void
    private let delete: @Sendable ([Int64]) async throws -> Void
    private let metrics: WorkerMetrics
    private let crashPoints: CrashPoints
    private let logger: Logger
    private let outage: OutageLog
    private let limit: Int
    private var queue: [OutboxRow] = []
    // Publishes the queue until it is empty.
    private var runner: Task<Void, Never>?
    private var isRunning: Bool { runner != nil }
    // The ids of rows that are acknowledged and not deleted yet.
    private var acknowledged: Set<Int64> = []
    private var isStopping = false
    // Set when the worker stops: `publish` doesn't wait for room any more.
    private(set) var isWaitingAllowed = true
    // Set once rows were left to the next owner: rows after them must not overtake them.
    private var isAbandoned = false
    private var wait: Task<Void, Never>?
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(
        producer: EventProducer, pool: PostgresPool, metrics: WorkerMetrics, limit: Int = 4,
        crashPoints: CrashPoints, logger: Logger
    ) {
        self.init(metrics: metrics, limit: limit, crashPoints: crashPoints, logger: logger) {
            try await producer.publishOrDiscard($0)
        } delete: { ids in
            _ = try await pool.withConnection { connection in
                try await connection.run(DeleteFromOutbox(ids: ids))
            }
        }
    }

    /// - Parameters:
    ///   - send: publishes events; returns when the broker has acknowledged every one. Where it is
    ///     cancelled, it ends within a second, and sends nothing from then on.
    ///   - delete: deletes rows by their ids.
    init(
        metrics: WorkerMetrics, limit: Int = 4, crashPoints: CrashPoints, logger: Logger,
        send: @escaping @Sendable ([OutgoingEvent]) async throws -> Void,
        delete: @escaping @Sendable ([Int64]) async throws -> Void
    ) {
        self.send = send
        self.delete = delete
        self.metrics = metrics
        self.limit = limit
        self.crashPoints = crashPoints
        self.logger = logger
        outage = OutageLog(logger)
    }

    /// Queues a row; returns at once unless more than `limit` rows are queued.
    func publish(_ row: OutboxRow) async {
        guard !isAbandoned else { return }
        queue.append(row)
        if !isRunning { runner = Task { await self.run() } }
        while queue.count > limit && isWaitingAllowed { await waitForProgress() }
    }

    /// Returns once every queued row has been published and deleted, or the worker stops.
    func drain() async {
        while isRunning && isWaitingAllowed { await waitForProgress() }
    }

    /// The same, but abandons after `limit` what can't be published: the partitions' next owner
    /// publishes those rows.
    func drain(within limit: Duration) async {
        guard isRunning else { return }
        let timer = Task {
            try await Task.sleep(for: limit)
            self.abandon()
        }
        await drain()
        timer.cancel()
    }

    /// Resumes the callers that wait for room in the queue or for its end; from now on
    /// ``publish(_:)`` returns without waiting. Called at the start of a shutdown.
    func releaseWaiters() {
        isWaitingAllowed = false
        wait?.cancel()
        wake()
    }

    /// Publishes what it can within `limit` and abandons the rest: those rows stay in the outbox
    /// for the partition's next owner, or the relay. For the end of a worker.
    /// - Returns: whether all is published.
    @discardableResult
    func finish(within limit: Duration = .seconds(1)) async -> Bool {
        isStopping = true
        wait?.cancel()
        let timer = Task {
            try await Task.sleep(for: limit)
            self.abandon()
        }
        while isRunning && !isAbandoned { await waitForProgress() }
        timer.cancel()
        defer { isAbandoned = true }
        return !isAbandoned
    }

    /// Queued rows that aren't published yet.
    var queuedCount: Int { queue.count }

    /// Starts again: the caller publishes the rows left in the outbox next.
    func begin() async {
        await drain()
        isAbandoned = false
        isStopping = false
    }

    private func abandon() {
        isAbandoned = true
        runner?.cancel()
        wake()
    }

    private func waitForProgress() async {
        await withCheckedContinuation { waiters.append($0) }
    }

    private func wake() {
        let resumed = waiters
        waiters = []
        for waiter in resumed { waiter.resume() }
    }

    private func run() async {
        var backoff = Backoff()
        while !queue.isEmpty {
            let rows = queue
            do {
                try await publishNow(rows.filter { !acknowledged.contains($0.id) })
                try await remove(rows)
                backoff.reset()
                outage.recovered("stored events are published again")
                wake()
            } catch {
                metrics.retries.increment()
                // A worker that stops doesn't wait for an unavailable broker or database.
                if isStopping || isAbandoned || Task.isShuttingDownGracefully {
                    logger.warning(
                        "events stay in the outbox for the next owner",
                        metadata: ["rows": "\(queue.count)", "error": "\(error)"])
                    queue = []
                    isAbandoned = true
                    break
                }
                let duration = backoff.next()
                outage.failed(
                    "events are stored but not published yet; retrying",
                    metadata: ["rows": "\(rows.count)", "error": "\(error)"])
                await pause(for: duration)
            }
        }
        runner = nil
        wake()
    }

    private func publishNow(_ rows: [OutboxRow]) async throws {
        guard !rows.isEmpty else { return }
        crashPoints.reached(.publishing)
        metrics.publishingSince = .now
        defer { metrics.publishingSince = nil }
        do {
            try await send(rows.flatMap(\.events))
        } catch {
            metrics.isBrokerUnavailable = !(error is CancellationError)
            throw error
        }
        metrics.isBrokerUnavailable = false
        acknowledged.formUnion(rows.map(\.id))
        crashPoints.reached(.published)
    }

    /// Deletes acknowledged rows, the first of the queue.
    private func remove(_ rows: [OutboxRow]) async throws {
        let ids = rows.map(\.id)
        do {
            try await delete(ids)
        } catch {
            metrics.recordObstacle(error)
            throw error
        }
        metrics.clearObstacle()
        acknowledged.subtract(ids)
        queue.removeFirst(rows.count)
    }

    /// Returns after `duration`, or when the worker stops.
    private func pause(for duration: Duration) async {
        let sleep = Task {
            _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
        }
        wait = sleep
        await sleep.value
        wait = nil
    }
}
