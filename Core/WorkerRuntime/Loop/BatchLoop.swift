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
    private let worker: W
    private let role: RoleContext
    private let metrics: WorkerMetrics
    private let publisher: OutboxPublisher
    private let processor: BatchProcessor<W>
    private let takeover: PartitionTakeover
    private let logger: Logger
    private let lookUp: OutageLog
    private let outage: OutageLog
    private let pool: PostgresPool
    private let limits: BatchLimits

    /// The batch that is being processed.
    private struct InFlight {
        let ends: [TopicPartition: Int64]
        let task: Task<BatchProcessor<W>.Outcome, Never>
    }

    // One past the last record polled of each assigned partition.
    private var positions: [TopicPartition: Int64] = [:]
    // One past the last record whose effect is in PostgreSQL.
    private var storedOffsets: [TopicPartition: Int64] = [:]
    // What was last committed to Kafka, and when.
    private var committed: [TopicPartition: Int64] = [:]
    private var committedAt = ContinuousClock.now
    private var inFlight: InFlight?

    /// - Parameter limits: the size of a batch and the wait of a poll.
    public init(
        _ worker: W, role: RoleContext, pool: PostgresPool, producer: EventProducer,
        limits: BatchLimits = BatchLimits()
    ) {
        var logger = role.logger
        logger[metadataKey: "worker"] = "\(worker.name)"
        let metrics = WorkerMetrics(
            worker: worker.name, registry: role.metrics, readiness: role.readiness)
        metrics.awaitsPartitions = true
        self.worker = worker
        self.role = role
        self.metrics = metrics
        self.logger = logger
        lookUp = OutageLog(logger)
        outage = OutageLog(logger)
        self.pool = pool
        self.limits = limits
        publisher = OutboxPublisher(
            producer: producer, pool: pool, metrics: metrics, crashPoints: role.crashPoints,
            logger: logger)
        processor = BatchProcessor(
            worker: worker, role: role, pool: pool, publisher: publisher, metrics: metrics,
            poisonLimit: limits.poisonInARow, logger: logger)
        takeover = PartitionTakeover(worker: worker.name, pool: pool, publisher: publisher)
    }

    /// Runs until graceful shutdown: then the batch in flight is finished, its events are
    /// published, and the consumer leaves the group.
    /// - Throws: `KafkaError` where a stored offset is no longer in the topic, because skipping to
    ///   another offset would lose records unnoticed. `PoisonLimitError` where more consecutive
    ///   records are poison than the limits allow.
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
        do {
            try await consume(consumer)
        } catch {
            await leave(consumer)
            throw error
        }
        await leave(consumer)
    }

    private func consume(_ consumer: KafkaConsumer) async throws {
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                try await step(consumer)
                backoff.reset()
                outage.recovered("the consumer works again")
            } catch let error as PoisonLimitError {
                logger.critical("the worker stops", metadata: ["error": "\(error)"])
                throw error
            } catch let error as KafkaError where error.isOffsetOutOfRange {
                logger.critical(
                    "the stored offset is no longer in the topic; the worker stops",
                    metadata: ["error": "\(error)", "positions": "\(positions)"])
                throw error
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

    private func leave(_ consumer: KafkaConsumer) async {
        metrics.awaitsPartitions = true
        await abandonInFlight()
        await commitOffsets(consumer)
        await publisher.finish()
        await consumer.close()
        positions = [:]
        storedOffsets = [:]
    }

    private func step(_ consumer: KafkaConsumer) async throws {
        switch try await consumer.poll(maxRecords: limits.records, wait: limits.wait) {
        case .records(let records):
            try await begin(records, consumer)
        case .assigned(let partitions):
            await takeOver(partitions, consumer)
        case .revoked(let partitions, _):
            await release(partitions)
        case .idle:
            _ = try await finishInFlight(consumer)
        }
        metrics.isConsumerUnavailable = !consumer.isConnected
        metrics.recordLag(ends: await consumer.endOffsets(), positions: storedOffsets)
        if ContinuousClock.now - committedAt >= .seconds(1) { await commitOffsets(consumer) }
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
        guard try await finishInFlight(consumer) else { return }
        positions.merge(batch.ends) { $1 }
        let pause = ConsumerPause(consumer, Array(positions.keys))
        let processor = processor
        inFlight = InFlight(
            ends: batch.ends,
            task: Task { await processor.process(batch, pause) })
    }

    /// Waits for the batch in flight.
    /// - Returns: whether the positions are still valid; if not, they have been looked up again.
    private func finishInFlight(_ consumer: KafkaConsumer) async throws -> Bool {
        guard let batch = inFlight else { return true }
        inFlight = nil
        switch await batch.task.value {
        case .stored:
            storedOffsets.merge(batch.ends) { $1 }
            return true
        case .notStored:
            await takeOver(Array(positions.keys), consumer)
            return false
        case .stopped(let error):
            throw error
        }
    }

    /// Reads from the stored offsets, once the events that the partitions' last owner left in the
    /// outbox are published.
    private func takeOver(_ partitions: [TopicPartition], _ consumer: KafkaConsumer) async {
        await abandonInFlight()
        var backoff = Backoff()
        while !Task.isCancelled && !Task.isShuttingDownGracefully {
            do {
                let position = try await takeover.position(in: partitions)
                positions = position.offsets
                storedOffsets = position.offsets
                await processor.begin(after: position.consecutivePoison)
                try await consumer.assign(
                    position.offsets.mapValues { $0 == 0 ? KafkaOffset.beginning : $0 })
                metrics.clearObstacle()
                lookUp.recovered("the offsets of the assigned partitions are looked up")
                metrics.awaitsPartitions = false
                logger.info("partitions assigned", metadata: ["count": "\(partitions.count)"])
                return
            } catch {
                let pause = backoff.next()
                metrics.recordObstacle(error)
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
        await publisher.drain()
        for partition in partitions {
            positions[partition] = nil
            storedOffsets[partition] = nil
        }
        logger.info("partitions revoked", metadata: ["count": "\(partitions.count)"])
    }

    /// Waits for the attempt in flight, which isn't retried where it fails.
    private func abandonInFlight() async {
        await processor.abandonRetries()
        guard let batch = inFlight else { return }
        inFlight = nil
        if case .stored = await batch.task.value { storedOffsets.merge(batch.ends) { $1 } }
    }
}
