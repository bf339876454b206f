import Logging
import Logs
public import Postgres
public import ServiceLifecycle
import Store

/// Publishes outbox rows that their own process didn't publish: after a crash, of a command that
/// ended, of a partition that hasn't been assigned since.
public struct OutboxRelay: Service {
    let worker: String
    let role: RoleContext
    let pool: PostgresPool
    let producer: EventProducer

    /// - Parameter worker: the worker whose rows it publishes.
    public init(worker: String, role: RoleContext, pool: PostgresPool, producer: EventProducer) {
        self.worker = worker
        self.role = role
        self.pool = pool
        self.producer = producer
    }

    // Longer than a publisher needs for its queue; real time.
    private static let staleSeconds: Int32 = 10

    /// Checks every 3 seconds until graceful shutdown.
    public func run() async throws {
        let age = AgeGauge()
        role.metrics.gauge(
            "tally_outbox_oldest_seconds",
            help: "How long the oldest stored event has waited to be published.",
            labels: ["worker": worker]
        ) { age.seconds }
        let outage = OutageLog(role.logger)
        await role.schema.waitUntilOpen(pool)
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                // A role that stops doesn't wait for an unavailable database.
                age.record(
                    seconds: try await cancelWhenGracefulShutdown {
                        while !Task.isCancelled, try await publishSome() > 0 {}
                        return try await oldest()
                    })
                outage.recovered("leftover events are looked for again")
            } catch is CancellationError {
                continue
            } catch {
                outage.failed(
                    "can't publish leftover events; retrying",
                    metadata: ["worker": "\(worker)", "error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(3)) }
        }
    }

    private func oldest() async throws -> Double? {
        try await pool.withConnection { connection in
            try await connection.run(OldestOutbox(worker: worker)).first
        }
    }

    /// Publishes every row that is old enough, once; returns how many there were.
    public func publishLeftovers() async throws -> Int {
        var sum = 0
        while true {
            let count = try await publishSome()
            guard count > 0 else { return sum }
            sum += count
        }
    }

    /// Publishes some rows that are old enough; returns how many.
    ///
    /// The rows stay locked until they are published and deleted, so that roles that relay the same
    /// worker's rows don't publish them twice.
    private func publishSome() async throws -> Int {
        let (worker, producer) = (worker, producer)
        let count = try await pool.transaction { transaction in
            let rows = try await transaction.run(
                StaleOutbox(worker: worker, olderThanSeconds: Self.staleSeconds))
            guard !rows.isEmpty else { return 0 }
            try await producer.publish(rows.flatMap(\.events))
            _ = try await transaction.run(DeleteFromOutbox(ids: rows.map(\.id)))
            return rows.count
        }
        if count > 0 {
            role.logger.info(
                "published leftover events",
                metadata: ["worker": "\(worker)", "rows": "\(count)"])
        }
        return count
    }
}
