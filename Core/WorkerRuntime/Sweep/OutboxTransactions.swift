import Logging
import Postgres
import ServiceLifecycle
import Store

/// Transactions with events, for work that no record caused: what a sweep or a command decides is
/// stored together with what it owes the broker, and published after the commit.
public actor OutboxTransactions {
    private let worker: String
    private let pool: PostgresPool
    private let publisher: OutboxPublisher

    /// - Parameter worker: whose outbox rows these are.
    public init(worker: String, role: RoleContext, pool: PostgresPool, producer: EventProducer) {
        self.worker = worker
        self.pool = pool
        self.publisher = OutboxPublisher(
            producer: producer, pool: pool,
            metrics: WorkerMetrics(worker: "\(worker)-outbox", registry: role.metrics),
            steps: role.steps, logger: role.logger)
    }

    /// Runs `body` in a transaction, stores the events it returns, commits, and hands them over to
    /// be published.
    public func run(
        _ body: @Sendable (PostgresTransaction) async throws -> [OutgoingEvent]
    ) async throws {
        let worker = worker
        let row = try await pool.transaction { transaction -> OutboxRow? in
            let events = try await body(transaction)
            guard !events.isEmpty else { return nil }
            let id = try await transaction.run(
                AddToOutbox(worker: worker, sources: [], events: events)
            ).first
            return id.map { OutboxRow(id: $0, events: events) }
        }
        if let row { await publisher.publish(row) }
    }

    /// Returns once everything handed over is published.
    public func drain() async { await publisher.drain() }
}

/// Publishes outbox rows that whoever made them didn't get to publish: after a crash, of a command
/// that ended, of a partition that nobody has been assigned since.
public struct OutboxSweep: Service {
    let worker: String
    let role: RoleContext
    let pool: PostgresPool
    let producer: EventProducer

    /// - Parameter worker: whose rows.
    public init(worker: String, role: RoleContext, pool: PostgresPool, producer: EventProducer) {
        self.worker = worker
        self.role = role
        self.pool = pool
        self.producer = producer
    }

    // Longer than a publisher needs for what it has in hand; real time.
    private static let staleSeconds: Int32 = 10

    /// Looks every few seconds until graceful shutdown.
    public func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                try await cancelWhenGracefulShutdown { try await publishStale() }
            } catch {
                role.logger.warning(
                    "can't publish what was left over; trying again",
                    metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(3)) }
        }
    }

    private func publishStale() async throws {
        let rows = try await pool.withConnection { connection in
            try await connection.run(
                StaleOutbox(worker: worker, olderThanSeconds: Self.staleSeconds))
        }
        guard !rows.isEmpty else { return }
        try await producer.publish(rows.flatMap(\.events))
        _ = try await pool.withConnection { connection in
            try await connection.run(DeleteFromOutbox(ids: rows.map(\.id)))
        }
        role.logger.info("published what was left over", metadata: ["rows": "\(rows.count)"])
    }
}
