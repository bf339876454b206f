import Kafka
import Logging
import Logs
import Payments
public import Postgres
public import ServiceLifecycle
import Store

/// The one loop of every worker: poll, prepare, one transaction, commit, publish. While a batch is
/// processed the next one is polled and prepared.
///
/// See `docs/architecture.md`, "One loop for all workers". The authoritative offsets are stored in
/// PostgreSQL; those committed to Kafka are for lag tools only.
public actor BatchLoop<W: Worker>: Service {
    let worker: W
    let role: RoleContext
    let metrics: WorkerMetrics
    let processor: BatchProcessor<W>
    let takeover: PartitionTakeover
    let pool: PostgresPool
    let logger: Logger
    let limits: BatchLimits
    private let publisher: OutboxPublisher
    private let lookUp: OutageLog
    private let outage: OutageLog

    /// The batch that is being processed.
    private struct InFlight {
        let ends: [TopicPartition: Int64]
        let task: Task<BatchProcessor<W>.Outcome, Never>
    }

    // What the group has assigned; nil while it forms.
    private var assigned: [TopicPartition]?
    // Since when it has assigned nothing.
    private var awaitsSince = ContinuousClock.now
    // One past the last record polled of each assigned partition.
    private var positions: [TopicPartition: Int64] = [:]
    // One past the last record whose effect is in PostgreSQL.
    private var storedOffsets: [TopicPartition: Int64] = [:]
    // What was last committed to Kafka, and when.
    private var committed: [TopicPartition: Int64] = [:]
    private var committedAt = ContinuousClock.now
    private var inFlight: InFlight?
    private var shortLogs: ShortLogs
    // The assigned partitions that aren't read until an operator releases them.
    var paused: [TopicPartition: PausedPartition] = [:]
    var releasesLookedUpAt = ContinuousClock.now

    /// - Parameter limits: the size of a batch and the wait of a poll.
    public init(
        _ worker: W, role: RoleContext, pool: PostgresPool, producer: EventProducer,
        limits: BatchLimits = BatchLimits()
    ) {
        let logger = Self.logger(role.logger, worker.name)
        let metrics = WorkerMetrics(
            worker: worker.name, registry: role.metrics, readiness: role.readiness)
        metrics.awaitsPartitions = true
        self.worker = worker
        self.role = role
        self.metrics = metrics
        self.pool = pool
        self.logger = logger
        lookUp = OutageLog(logger)
        outage = OutageLog(logger)
        self.limits = limits
        shortLogs = ShortLogs(wait: limits.shortLogWait)
        publisher = OutboxPublisher(
            producer: producer, pool: pool, metrics: metrics, crashPoints: role.crashPoints,
            logger: logger)
        processor = BatchProcessor(
            worker: worker, role: role, pool: pool, publisher: publisher, metrics: metrics,
            poisonLimit: limits.poisonInARow, logger: logger)
        let admin = KafkaAdmin(settings: role.kafka, timeout: .seconds(5), logger: logger)
        takeover = PartitionTakeover(
            worker: worker.name, topics: worker.topics, pool: pool, publisher: publisher
        ) { topics in
            do throws(KafkaError) {
                return try await admin.topicIDs(of: topics)
            } catch {
                // Without a controller no topic can be made anew either.
                logger.warning(
                    "the topics' ids can't be read; the stored ones are kept",
                    metadata: ["error": "\(error)"])
                return [:]
            }
        }
    }

    private static func logger(_ role: Logger, _ worker: String) -> Logger {
        var logger = role
        logger[metadataKey: "worker"] = "\(worker)"
        return logger
    }

    /// Runs until graceful shutdown: then the batch in flight is finished, its events are
    /// published, and the consumer leaves the group.
    /// - Throws: `KafkaError` where no consumer can be made.
    public func run() async throws {
        await role.schema.waitUntilOpen(pool)
        logger.info("worker started", metadata: ["topics": "\(worker.topics)"])
        try await withGracefulShutdownHandler {
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                try await runConsumer()
            }
        } onGracefulShutdown: { [processor, publisher] in
            Task {
                await processor.abandonRetries()
                await publisher.releaseWaiters()
            }
        }
        logger.info("worker stopped")
    }

    /// Runs until shutdown, or until this consumer has failed for good and another is to be
    /// created.
    private func runConsumer() async throws {
        let consumer = try KafkaConsumer(
            settings: role.kafka, group: "tally-\(worker.name)", topics: worker.topics,
            logger: logger)
        awaitsSince = .now
        await consume(consumer)
        await leave(consumer)
    }

    private func consume(_ consumer: KafkaConsumer) async {
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled && !isForgotten(consumer) {
            do {
                try await step(consumer)
                backoff.reset()
                outage.recovered("the consumer works again")
            } catch let error as KafkaError where error.partitionOutOfRange != nil {
                // The other partitions are read on.
                let gone = error.partitionOutOfRange.map { [$0: "\(error)"] } ?? [:]
                await takeOver(consumer, gone: gone)
            } catch {
                let pause = backoff.next()
                metrics.retries.increment()
                metrics.isConsumerUnavailable = error is KafkaError
                outage.failed("the consumer failed; retrying", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: pause)
                if (error as? KafkaError)?.isFatal == true { return }
            }
        }
    }

    /// Whether the group assigns nothing though a broker answers: then the member joins anew.
    private func isForgotten(_ consumer: KafkaConsumer) -> Bool {
        guard assigned == nil, consumer.isConnected,
            ContinuousClock.now - awaitsSince > limits.assignmentWait
        else { return false }
        logger.warning(
            "the group has assigned no partitions for too long; joining it anew",
            metadata: ["waited": "\(limits.assignmentWait)"])
        return true
    }

    private func leave(_ consumer: KafkaConsumer) async {
        metrics.awaitsPartitions = true
        await abandonInFlight()
        await commitOffsets(consumer)
        await publisher.finish()
        await consumer.close()
        forgetPartitions()
    }

    private func forgetPartitions() {
        assigned = nil
        awaitsSince = .now
        positions = [:]
        storedOffsets = [:]
        paused = [:]
        metrics.pausedPartitions = 0
    }

    private func step(_ consumer: KafkaConsumer) async throws {
        switch try await consumer.poll(maxRecords: limits.records, wait: limits.wait) {
        case .records(let records):
            try await begin(records, consumer)
        case .ends(let ends):
            await move(to: ends, consumer)
        case .assigned(let partitions):
            assigned = partitions
            await takeOver(consumer)
        case .revoked(let partitions, _):
            await release(partitions)
        case .idle:
            _ = await finishInFlight(consumer)
        }
        metrics.isConsumerUnavailable = !consumer.isConnected
        let ends = await consumer.endOffsets()
        metrics.recordLag(ends: ends, positions: storedOffsets)
        if ContinuousClock.now - committedAt >= .seconds(1) { await commitOffsets(consumer) }
        let gone = shortLogs.found(ends: ends, stored: storedOffsets, at: .now)
        if !gone.isEmpty {
            await takeOver(consumer, gone: gone)
        } else if await isSomeReleased() {
            await takeOver(consumer)
        }
    }

    /// Commits the offsets to Kafka, for lag tools; nothing depends on it, so a failure is ignored.
    /// Not after each batch: a commit costs the broker as much as the batch's records.
    private func commitOffsets(_ consumer: KafkaConsumer) async {
        guard storedOffsets != committed else { return }
        committedAt = .now
        committed = storedOffsets
        try? await consumer.commit(storedOffsets)
    }

    /// Prepares records, and processes them once the batch before them is stored.
    private func begin(_ records: [KafkaRecord], _ consumer: KafkaConsumer) async throws {
        let fresh = records.filter { record in
            positions[record.topicPartition].map { record.offset >= $0 } ?? false
        }
        guard !fresh.isEmpty else { return }
        metrics.recordPolled(fresh)
        role.crashPoints.reached(.polled)
        let preparations = await worker.prepare(fresh)
        let batch = Batch(
            entries: zip(fresh, preparations).map(Batch<W.Item>.Entry.init), starts: positions)
        // Records after a batch that wasn't stored are read again.
        if await finishInFlight(consumer) { process(batch, consumer) }
    }

    /// Moves the stored offsets over offsets without records at the ends of partitions, e.g. a
    /// transaction's markers: else they would be lag that never ends.
    private func move(to ends: [TopicPartition: Int64], _ consumer: KafkaConsumer) async {
        guard await finishInFlight(consumer) else { return }
        let ahead = ends.filter { end in positions[end.key].map { end.value > $0 } ?? false }
        guard !ahead.isEmpty else { return }
        process(Batch(starts: positions, ends: ahead), consumer)
    }

    private func process(_ batch: Batch<W.Item>, _ consumer: KafkaConsumer) {
        positions.merge(batch.ends) { $1 }
        let pause = ConsumerPause(consumer, Array(positions.keys))
        let processor = processor
        inFlight = InFlight(
            ends: batch.ends,
            task: Task { await processor.process(batch, pause) })
    }

    /// Waits for the batch in flight.
    /// - Returns: whether the positions are still valid; if not, they have been looked up again.
    private func finishInFlight(_ consumer: KafkaConsumer) async -> Bool {
        guard let batch = inFlight else { return true }
        inFlight = nil
        switch await batch.task.value {
        case .stored(let paused) where paused.isEmpty:
            storedOffsets.merge(batch.ends) { $1 }
            return true
        case .stored, .notStored:
            await takeOver(consumer)
            return false
        }
    }

    /// Reads from the stored offsets, once the events that the partitions' last owner left in the
    /// outbox are published.
    /// - Parameter gone: partitions whose topic doesn't have the stored offset, and why.
    private func takeOver(
        _ consumer: KafkaConsumer, gone: [TopicPartition: String] = [:]
    ) async {
        guard let partitions = assigned else { return }
        await abandonInFlight()
        var backoff = Backoff()
        while !Task.isCancelled && !Task.isShuttingDownGracefully {
            do {
                let position = try await position(in: partitions, gone: gone)
                positions = position.offsets
                storedOffsets = position.offsets
                record(position.paused)
                await processor.begin(at: position)
                try await consumer.assign(
                    position.offsets.mapValues { $0 == 0 ? KafkaOffset.beginning : $0 },
                    leaderEpochs: position.leaderEpochs)
                metrics.clearObstacle()
                lookUp.recovered("the offsets of the assigned partitions are looked up")
                metrics.awaitsPartitions = false
                logger.info("partitions assigned", metadata: ["count": "\(partitions.count)"])
                return
            } catch {
                let pause = backoff.next()
                if error is KafkaError {
                    metrics.isConsumerUnavailable = true
                } else {
                    metrics.recordObstacle(error)
                }
                lookUp.failed(
                    "can't look up the offsets of the assigned partitions; retrying",
                    metadata: ["error": "\(error)"])
                _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            }
        }
    }

    /// Ends the work on revoked partitions.
    private func release(_ partitions: [TopicPartition]) async {
        metrics.awaitsPartitions = true
        await abandonInFlight()
        // The next owner publishes what isn't by then.
        await publisher.drain(within: .seconds(10))
        forgetPartitions()
        logger.info("partitions revoked", metadata: ["count": "\(partitions.count)"])
    }

    /// Waits for the attempt in flight, which isn't retried where it fails.
    private func abandonInFlight() async {
        await processor.abandonRetries()
        guard let batch = inFlight else { return }
        inFlight = nil
        if case .stored(let paused) = await batch.task.value {
            storedOffsets.merge(batch.ends.filter { !paused.contains($0.key) }) { $1 }
        }
    }
}
