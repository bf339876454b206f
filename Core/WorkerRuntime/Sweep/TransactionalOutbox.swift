public import Postgres
public import Store

/// Transactions with events, for work that isn't caused by a record: the changes of a sweep or a
/// command are stored together with their events, which are published after the commit.
public actor TransactionalOutbox {
    private let worker: String
    private let pool: PostgresPool
    private let publisher: OutboxPublisher
    private let crashPoints: CrashPoints

    /// - Parameter worker: the name under which the outbox rows are stored.
    public init(worker: String, role: RoleContext, pool: PostgresPool, producer: EventProducer) {
        self.worker = worker
        self.pool = pool
        crashPoints = role.crashPoints
        self.publisher = OutboxPublisher(
            producer: producer, pool: pool,
            metrics: WorkerMetrics(
                worker: "\(worker)-outbox", registry: role.metrics, readiness: role.readiness),
            crashPoints: role.crashPoints, logger: role.logger)
    }

    /// Runs `body` in a transaction, stores the events it returns, commits, and queues them for
    /// publishing.
    /// - Throws: `Poison` where an event is larger than its topic takes: nothing is stored.
    public func run(
        _ body: @Sendable (PostgresTransaction) async throws -> [OutgoingEvent]
    ) async throws {
        try await run { transaction in (try await body(transaction), ()) }
    }

    /// The same for a `body` that also returns a value.
    public func run<Value: Sendable>(
        _ body: @Sendable (PostgresTransaction) async throws -> ([OutgoingEvent], Value)
    ) async throws -> Value {
        let (worker, crashPoints) = (worker, crashPoints)
        let (row, value) = try await pool.transaction { transaction -> (OutboxRow?, Value) in
            let (events, value) = try await body(transaction)
            var row: OutboxRow?
            if !events.isEmpty {
                try EventSize.check(events)
                let id = try await transaction.run(
                    AddToOutbox(worker: worker, sources: [], events: events)
                ).first
                row = id.map { OutboxRow(id: $0, events: events) }
            }
            crashPoints.reached(.applied)
            return (row, value)
        }
        crashPoints.reached(.committed)
        if let row { await publisher.publish(row) }
        return value
    }

    /// Returns once every queued event is published.
    public func drain() async { await publisher.drain() }

    /// Rows that are committed and not published yet.
    public var unpublishedCount: Int { get async { await publisher.queuedCount } }

    /// From now on ``run(_:)`` doesn't wait for the broker, however many rows are unpublished.
    public func stopWaiting() async { await publisher.releaseWaiters() }

    /// Whether ``stopWaiting()`` was called: what is committed from then on has no back-pressure.
    public var hasStoppedWaiting: Bool { get async { await !publisher.isWaitingAllowed } }

    /// Publishes what can be published within `limit`; the rest stays in the outbox. For the end of
    /// a command.
    /// - Returns: whether everything is published.
    public func finish(within limit: Duration) async -> Bool {
        await publisher.finish(within: limit)
    }
}
