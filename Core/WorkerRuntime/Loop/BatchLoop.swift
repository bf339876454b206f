import Kafka
import Logging
import Payments
import Postgres
import ServiceLifecycle
import Store

/// The one loop of every worker: poll, prepare, one transaction, commit, publish.
///
/// See `docs/architecture.md`, "The worker runtime". Offsets live in PostgreSQL; the broker's are
/// kept up to date for lag tools only.
public actor BatchLoop<W: Worker>: Service {
    private let worker: W
    private let role: RoleContext
    private let metrics: WorkerMetrics
    private let producer: EventProducer
    private let pool: PostgresPool
    private let publisher: OutboxPublisher
    private let logger: Logger
    private let limits: BatchLimits

    // The stored offset of each partition that is ours.
    private var positions: [TopicPartition: Int64] = [:]
    // Records that arrived while a batch was being retried.
    private var held: [KafkaRecord] = []
    // Set when the batch in hand no longer is ours to store.
    private var isAbandoned = false

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
        self.pool = pool
        self.producer = producer
        self.metrics = metrics
        self.logger = logger
        self.limits = limits
        self.publisher = OutboxPublisher(
            producer: producer, pool: pool, metrics: metrics, steps: role.steps, logger: logger)
    }

    /// Runs until graceful shutdown: then the batch in flight is finished, its events are
    /// published, and the group is left.
    /// - Throws: `KafkaError` where a stored offset is no longer in the topic: skipping to one that
    ///   is would lose records in silence.
    public func run() async throws {
        logger.info("worker started", metadata: ["topics": "\(worker.topics)"])
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
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
        logger.info("worker stopped")
    }

    /// Polls until shutdown, or until this consumer can't go on and another is to be made.
    private func consume(_ consumer: KafkaConsumer) async throws {
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                try await step(consumer)
                backoff.reset()
            } catch let error as KafkaError where error.isOffsetOutOfRange {
                logger.critical(
                    "the stored offset is not in the topic any more; the worker stops",
                    metadata: ["error": "\(error)", "positions": "\(positions)"])
                throw error
            } catch {
                let pause = backoff.next()
                metrics.retries.increment()
                metrics.isBrokerAway = error is KafkaError
                logger.warning(
                    "the consumer met trouble; trying again",
                    metadata: ["pause": "\(pause)", "error": "\(error)"])
                try? await Task.sleep(for: pause)
                if (error as? KafkaError)?.isFatal == true { return }
            }
        }
    }

    private func leave(_ consumer: KafkaConsumer) async {
        await publisher.finish()
        await consumer.close()
        positions = [:]
        held = []
    }

    private func step(_ consumer: KafkaConsumer) async throws {
        if !held.isEmpty {
            let records = held
            held = []
            await process(records, consumer)
            return
        }
        switch try await consumer.poll(maxRecords: limits.records, wait: limits.wait) {
        case .records(let records):
            metrics.isBrokerAway = false
            await process(records, consumer)
        case .assigned(let partitions):
            await takeOver(partitions, consumer)
        case .revoked(let partitions, _):
            await giveUp(partitions)
        case .idle:
            break
        }
        metrics.noteLag(ends: await consumer.endOffsets(), positions: positions)
    }

    private func process(_ records: [KafkaRecord], _ consumer: KafkaConsumer) async {
        // What is below the stored offset has taken effect already; what isn't ours any more
        // belongs to another worker.
        let fresh = records.filter { record in
            positions[record.topicPartition].map { record.offset >= $0 } ?? false
        }
        guard !fresh.isEmpty else { return }
        metrics.noteInHand(fresh)
        role.steps.reached(.polled)
        let preparations = await worker.prepare(fresh)
        let entries = zip(fresh, preparations).map(Batch<W.Item>.Entry.init)
        isAbandoned = false
        await store(Batch(entries: entries), consumer)
    }

    private func store(_ batch: Batch<W.Item>, _ consumer: KafkaConsumer) async {
        var batch = batch
        var backoff = Backoff()
        while !isAbandoned && !batch.entries.isEmpty {
            let started = ContinuousClock.now
            do {
                let stored = try await pool.withConnection { connection in
                    try await BatchTransaction(
                        worker: self.worker, steps: self.role.steps, connection: connection
                    )
                    .store(batch, from: self.positions, now: self.role.clock.now())
                }
                metrics.noteBatch(
                    batch.entries.count, stored.rejectedCount, stored.poisonCount, since: started)
                await finish(stored, consumer)
                return
            } catch {
                switch Verdict(error) {
                case .retry:
                    await pause(backoff.next(), error, consumer)
                case .fenced:
                    logger.warning("lost a partition", metadata: ["error": "\(error)"])
                    await takeOver(Array(positions.keys), consumer)
                    return
                case .poison(let why):
                    guard batch.entries.count > 1 else {
                        logger.error(
                            "a record breaks the handler; it becomes a dead letter",
                            metadata: ["reason": "\(why.reason)", "error": "\(why.error)"])
                        batch = batch.poisoned(why)
                        continue
                    }
                    let (first, second) = batch.halves
                    await store(first, consumer)
                    await store(second, consumer)
                    return
                }
            }
        }
    }

    private func finish(
        _ stored: BatchTransaction<W>.Stored, _ consumer: KafkaConsumer
    ) async {
        for move in stored.moves {
            positions[TopicPartition(topic: move.topic, partition: move.partition)] = move.next
        }
        role.steps.reached(.committed)
        if let row = stored.outbox { await publisher.publish(row) }
        // For lag tools; nothing rests on it, so its failure is no trouble.
        try? await consumer.commit(positions)
    }

    /// Waits for `duration` while the membership of the group is kept by polling.
    private func pause(
        _ duration: Duration, _ error: any Error, _ consumer: KafkaConsumer
    ) async {
        metrics.retries.increment()
        metrics.isDatabaseAway = true
        logger.warning(
            "the batch can't be stored now; trying again",
            metadata: ["pause": "\(duration)", "error": "\(error)"])
        let end = ContinuousClock.now + duration
        try? await consumer.pause(Array(positions.keys))
        while ContinuousClock.now < end, !isAbandoned {
            switch try? await consumer.poll(maxRecords: limits.records, wait: limits.wait) {
            case .records(let records): held += records
            case .revoked(let partitions, _): await giveUp(partitions)
            case .assigned(let partitions): await takeOver(partitions, consumer)
            case .idle, nil: await Task.yield()
            }
            if Task.isShuttingDownGracefully || Task.isCancelled { isAbandoned = true }
        }
        try? await consumer.resume(Array(positions.keys))
    }

    /// Publishes what the partitions' last owner left, then starts at the stored offsets.
    private func takeOver(_ partitions: [TopicPartition], _ consumer: KafkaConsumer) async {
        isAbandoned = true
        held = []
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                await publisher.drain()
                let stored = try await storedOffsets(of: partitions)
                positions = stored
                try await consumer.assign(stored.mapValues { $0 == 0 ? KafkaOffset.beginning : $0 })
                metrics.isDatabaseAway = false
                logger.info("partitions assigned", metadata: ["count": "\(partitions.count)"])
                return
            } catch {
                let pause = backoff.next()
                metrics.isDatabaseAway = true
                logger.warning(
                    "can't look up the offsets of the assigned partitions; trying again",
                    metadata: ["pause": "\(pause)", "error": "\(error)"])
                if Task.isShuttingDownGracefully { return }
                try? await Task.sleep(for: pause)
            }
        }
    }

    private func storedOffsets(
        of partitions: [TopicPartition]
    ) async throws -> [TopicPartition: Int64] {
        let name = worker.name
        let sources = partitions.map { "\($0.topic)/\($0.partition)" }
        let (leftovers, rows) = try await pool.withConnection { connection in
            _ = try await connection.run(
                EnsureOffsets(
                    worker: name, topics: partitions.map(\.topic),
                    partitions: partitions.map(\.partition)))
            return (
                try await connection.run(LeftoverOutbox(worker: name, sources: sources)),
                try await connection.run(StoredOffsets(worker: name))
            )
        }
        for row in leftovers { await publisher.publish(row) }
        await publisher.drain()
        let all = rows.map { row in
            (TopicPartition(topic: row.topic, partition: row.partition), row.nextOffset)
        }
        let ours = Set(partitions)
        return Dictionary(all.filter { ours.contains($0.0) }) { first, _ in first }
    }

    private func giveUp(_ partitions: [TopicPartition]) async {
        isAbandoned = true
        held = []
        await publisher.drain()
        for partition in partitions { positions[partition] = nil }
        logger.info("partitions revoked", metadata: ["count": "\(partitions.count)"])
    }
}

extension Batch {
    /// The batch with every record given up.
    func poisoned(_ why: Poison) -> Batch {
        Batch(entries: entries.map { Entry(record: $0.record, preparation: .poison(why)) })
    }
}

/// How much one batch may hold and how long it may wait for it.
public struct BatchLimits: Sendable {
    /// Records, at most.
    public var records: Int
    /// How long an empty poll waits before it looks around.
    public var wait: Duration

    /// 2,000 records; polls of 100 ms.
    public init(records: Int = 2_000, wait: Duration = .milliseconds(100)) {
        self.records = records
        self.wait = wait
    }
}
