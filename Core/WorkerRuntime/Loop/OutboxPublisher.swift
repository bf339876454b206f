import Kafka
import Logging
import Postgres
import ServiceLifecycle
import Store

/// Publishes outbox rows in the order they are handed in, and deletes each once the broker has
/// acknowledged all of it.
///
/// The batch loop hands a row over and goes on with the next batch; at most `limit` rows wait, so
/// a broker that is away stops the loop instead of filling memory.
actor OutboxPublisher {
    private let producer: EventProducer
    private let pool: PostgresPool
    private let metrics: WorkerMetrics
    private let crashPoints: CrashPoints
    private let logger: Logger
    private let limit: Int
    private var waiting: [OutboxRow] = []
    private var isRunning = false
    private var isStopping = false
    // Set when the worker is to stop: nobody is kept waiting then.
    private var isHurried = false
    // Set once rows were left to the next owner: none that come after them may overtake them.
    private var hasGivenUp = false
    private var pause: Task<Void, Never>?
    private var sleepers: [CheckedContinuation<Void, Never>] = []

    init(
        producer: EventProducer, pool: PostgresPool, metrics: WorkerMetrics, limit: Int = 4,
        crashPoints: CrashPoints, logger: Logger
    ) {
        self.producer = producer
        self.pool = pool
        self.metrics = metrics
        self.limit = limit
        self.crashPoints = crashPoints
        self.logger = logger
    }

    /// Hands over a row; returns at once unless `limit` rows are waiting.
    func publish(_ row: OutboxRow) async {
        guard !hasGivenUp else { return }
        waiting.append(row)
        if !isRunning {
            isRunning = true
            Task { await self.run() }
        }
        while waiting.count > limit && !isHurried { await sleepUntilProgress() }
    }

    /// Returns once every row handed over has been published and deleted.
    func drain() async {
        while isRunning { await sleepUntilProgress() }
    }

    /// Keeps nobody waiting from now on.
    func hurry() {
        isHurried = true
        pause?.cancel()
        wake()
    }

    /// Publishes what can be published within `limit` and gives up on the rest: its rows stay in
    /// the outbox for the partition's next owner, or the sweep. For the end of a worker.
    func finish(within limit: Duration = .seconds(1)) async {
        isStopping = true
        pause?.cancel()
        let timer = Task {
            try await Task.sleep(for: limit)
            self.giveUp()
        }
        while isRunning && !hasGivenUp { await sleepUntilProgress() }
        timer.cancel()
        hasGivenUp = true
    }

    /// Begins anew: the caller is about to publish what is left in the outbox.
    func begin() async {
        await drain()
        hasGivenUp = false
        isStopping = false
    }

    private func giveUp() {
        hasGivenUp = true
        wake()
    }

    private func sleepUntilProgress() async {
        await withCheckedContinuation { sleepers.append($0) }
    }

    private func wake() {
        let awake = sleepers
        sleepers = []
        for sleeper in awake { sleeper.resume() }
    }

    private func run() async {
        var backoff = Backoff()
        while !waiting.isEmpty {
            let rows = waiting
            do {
                crashPoints.reached(.publishing)
                try await producer.publish(rows.flatMap(\.events))
                crashPoints.reached(.published)
                _ = try await pool.withConnection { connection in
                    try await connection.run(DeleteFromOutbox(ids: rows.map(\.id)))
                }
                waiting.removeFirst(rows.count)
                backoff.reset()
                metrics.isBrokerUnavailable = false
                wake()
            } catch {
                metrics.isBrokerUnavailable = true
                metrics.retries.increment()
                // A worker that is to stop doesn't wait for a broker that is away.
                if isStopping || Task.isShuttingDownGracefully {
                    logger.warning(
                        "events stay in the outbox for the next owner",
                        metadata: ["rows": "\(waiting.count)", "error": "\(error)"])
                    waiting = []
                    hasGivenUp = true
                    break
                }
                let duration = backoff.next()
                logger.warning(
                    "events are stored but not published yet; trying again",
                    metadata: [
                        "rows": "\(rows.count)", "pause": "\(duration)", "error": "\(error)",
                    ])
                await rest(duration)
            }
        }
        isRunning = false
        wake()
    }

    /// Returns after `duration`, or when it is asked to stop.
    private func rest(_ duration: Duration) async {
        let sleep = Task {
            _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
        }
        pause = sleep
        await sleep.value
        pause = nil
    }
}
