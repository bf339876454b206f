import Kafka
import Logging
import Payments
public import Postgres
public import ServiceLifecycle
import Store

/// The one loop of every worker: poll, prepare, one transaction, commit, publish. While a batch is
/// stored the next one is polled and prepared.
///
/// See `docs/architecture.md`, "The worker runtime". Offsets live in PostgreSQL; the broker's are
/// kept up to date for lag tools only.
public actor BatchLoop<W: Worker>: Service {
    private let worker: W
    private let role: RoleContext
    private let metrics: WorkerMetrics
    private let publisher: OutboxPublisher
    private let store: BatchStore<W>
    private let handover: PartitionTakeover
    private let logger: Logger
    private let limits: BatchLimits

    /// The batch that is being stored.
    private struct InFlight {
        let ends: [TopicPartition: Int64]
        let task: Task<BatchStore<W>.Ending, Never>
    }

    // One past the last record polled of each partition that is ours.
    private var positions: [TopicPartition: Int64] = [:]
    // The same of the last record stored.
    private var stored: [TopicPartition: Int64] = [:]
    // What the broker has been told of that, and when.
    private var told: [TopicPartition: Int64] = [:]
    private var toldAt = ContinuousClock.now
    private var inFlight: InFlight?

    /// - Parameter limits: how much one batch may hold and how long it may wait.
    public init(
        _ worker: W, role: RoleContext, pool: PostgresPool, producer: EventProducer,
        limits: BatchLimits = BatchLimits()
    ) {
        var logger = role.logger
        logger[metadataKey: "worker"] = "\(worker.name)"
        let metrics = WorkerMetrics(worker: worker.name, registry: role.metrics)
        self.worker = worker
        self.role = role
        self.metrics = metrics
        self.logger = logger
        self.limits = limits
        publisher = OutboxPublisher(
            producer: producer, pool: pool, metrics: metrics, crashPoints: role.crashPoints,
            logger: logger)
        store = BatchStore(
            worker: worker, role: role, pool: pool, publisher: publisher, metrics: metrics,
            poisonLimit: limits.poisonInARow, logger: logger)
        handover = PartitionTakeover(worker: worker.name, pool: pool, publisher: publisher)
    }

    /// Runs until graceful shutdown: then the batch in flight is finished, its events are
    /// published, and the group is left.
    /// - Throws: `KafkaError` where a stored offset is no longer in the topic: skipping to one that
    ///   is would lose records in silence. `PoisonLimitError` where all that is read is poison.
    public func run() async throws {
        logger.info("worker started", metadata: ["topics": "\(worker.topics)"])
        try await withGracefulShutdownHandler {
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                try await runConsumer()
            }
        } onGracefulShutdown: { [store, publisher] in
            Task {
                await store.abandon()
                await publisher.hurry()
            }
        }
        logger.info("worker stopped")
    }

    /// Works until shutdown, or until this consumer can't go on and another is to be made.
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
            } catch let error as PoisonLimitError {
                logger.critical("the worker stops", metadata: ["error": "\(error)"])
                throw error
            } catch let error as KafkaError where error.isOffsetOutOfRange {
                logger.critical(
                    "the stored offset is not in the topic any more; the worker stops",
                    metadata: ["error": "\(error)", "positions": "\(positions)"])
                throw error
            } catch {
                let pause = backoff.next()
                metrics.retries.increment()
                metrics.isConsumerUnavailable = error is KafkaError
                logger.warning(
                    "the consumer met trouble; trying again",
                    metadata: ["pause": "\(pause)", "error": "\(error)"])
                try? await Task.sleep(for: pause)
                if (error as? KafkaError)?.isFatal == true { return }
            }
        }
    }

    private func leave(_ consumer: KafkaConsumer) async {
        await dropBatch()
        await commitOffsets(consumer)
        await publisher.finish()
        await consumer.close()
        positions = [:]
        stored = [:]
    }

    private func step(_ consumer: KafkaConsumer) async throws {
        switch try await consumer.poll(maxRecords: limits.records, wait: limits.wait) {
        case .records(let records):
            try await take(records, consumer)
        case .assigned(let partitions):
            await takeOver(partitions, consumer)
        case .revoked(let partitions, _):
            await giveUp(partitions)
        case .idle:
            _ = try await finishStoring(consumer)
        }
        metrics.isConsumerUnavailable = !consumer.isConnected
        metrics.noteLag(ends: await consumer.endOffsets(), positions: stored)
        if ContinuousClock.now - toldAt >= .seconds(1) { await commitOffsets(consumer) }
    }

    /// Commits the offsets to Kafka, for lag tools; nothing rests on it, so its failure is no
    /// trouble. Not after each batch: to the broker a commit is as much work as its records.
    private func commitOffsets(_ consumer: KafkaConsumer) async {
        guard stored != told else { return }
        toldAt = .now
        told = stored
        try? await consumer.commit(stored)
    }

    private func take(_ records: [KafkaRecord], _ consumer: KafkaConsumer) async throws {
        let fresh = records.filter { record in
            positions[record.topicPartition].map { record.offset >= $0 } ?? false
        }
        guard !fresh.isEmpty else { return }
        metrics.noteInHand(fresh)
        role.crashPoints.reached(.polled)
        let preparations = await worker.prepare(fresh)
        let batch = Batch(
            entries: zip(fresh, preparations).map(Batch<W.Item>.Entry.init), starts: positions)
        // What follows on a batch that wasn't stored is read again.
        guard try await finishStoring(consumer) else { return }
        positions.merge(batch.ends) { $1 }
        let hold = ConsumerPause(consumer, Array(positions.keys))
        let store = store
        inFlight = InFlight(
            ends: batch.ends,
            task: Task { await store.store(batch, hold) })
    }

    /// Waits for the batch in flight.
    /// - Returns: whether the positions stand; if not, they have been looked up again.
    private func finishStoring(_ consumer: KafkaConsumer) async throws -> Bool {
        guard let batch = inFlight else { return true }
        inFlight = nil
        switch await batch.task.value {
        case .stored:
            stored.merge(batch.ends) { $1 }
            return true
        case .lost:
            await takeOver(Array(positions.keys), consumer)
            return false
        case .stopped(let error):
            throw error
        }
    }

    /// Starts at the stored offsets, once what the partitions' last owner left is published.
    private func takeOver(_ partitions: [TopicPartition], _ consumer: KafkaConsumer) async {
        await dropBatch()
        var backoff = Backoff()
        while !Task.isCancelled && !Task.isShuttingDownGracefully {
            do {
                let position = try await handover.position(in: partitions)
                positions = position.offsets
                stored = position.offsets
                await store.begin(after: position.consecutivePoison)
                try await consumer.assign(
                    position.offsets.mapValues { $0 == 0 ? KafkaOffset.beginning : $0 })
                metrics.isDatabaseUnavailable = false
                logger.info("partitions assigned", metadata: ["count": "\(partitions.count)"])
                return
            } catch {
                let pause = backoff.next()
                metrics.isDatabaseUnavailable = true
                logger.warning(
                    "can't look up the offsets of the assigned partitions; trying again",
                    metadata: ["pause": "\(pause)", "error": "\(error)"])
                _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            }
        }
    }

    private func giveUp(_ partitions: [TopicPartition]) async {
        await dropBatch()
        await publisher.drain()
        for partition in partitions {
            positions[partition] = nil
            stored[partition] = nil
        }
        logger.info("partitions revoked", metadata: ["count": "\(partitions.count)"])
    }

    /// Waits for the batch in flight, which isn't tried again where it fails.
    private func dropBatch() async {
        await store.abandon()
        guard let batch = inFlight else { return }
        inFlight = nil
        if case .stored = await batch.task.value { stored.merge(batch.ends) { $1 } }
    }
}
