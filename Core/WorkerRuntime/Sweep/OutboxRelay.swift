import Foundation
import Logging
import Logs
public import Postgres
public import ServiceLifecycle
import Store

/// Publishes outbox rows that their own process didn't publish: after a crash, of a command that
/// ended, of a partition that hasn't been assigned since. One process at a time does so for a
/// worker, under a lease.
///
/// It begins only after the broker has answered for some time: during an outage every row gets old,
/// and after it each process publishes its own, in their order.
public struct OutboxRelay: Service {
    let worker: String
    let role: RoleContext
    let pool: PostgresPool
    let producer: EventProducer
    // This relay, among those of other processes.
    private let holder = UUID()
    private let acknowledged = AcknowledgedRows()
    private let settleTime: Duration

    // Longer than a publisher needs for its queue; real time.
    private static let staleSeconds: Int32 = 10

    /// - Parameters:
    ///   - worker: the worker whose rows it publishes.
    ///   - settleTime: how long the broker must have answered without an interruption; real time.
    public init(
        worker: String, role: RoleContext, pool: PostgresPool, producer: EventProducer,
        settleTime: Duration = .seconds(10)
    ) {
        self.worker = worker
        self.role = role
        self.pool = pool
        self.producer = producer
        self.settleTime = settleTime
    }

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
        var answeringSince: ContinuousClock.Instant?
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                // A role that stops doesn't wait for an unavailable database.
                let now = ContinuousClock.now
                answeringSince = await producer.isBrokerAnswering() ? answeringSince ?? now : nil
                let mayPublish = answeringSince.map { now - $0 >= settleTime } ?? false
                age.record(
                    seconds: try await cancelWhenGracefulShutdown {
                        while mayPublish, !Task.isCancelled, try await publishSome() > 0 {}
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

    /// Publishes every row that is old enough; returns how many there were.
    public func publishLeftovers() async throws -> Int {
        var sum = 0
        while true {
            let count = try await publishSome()
            guard count > 0 else { return sum }
            sum += count
        }
    }

    /// Publishes some rows that are old enough; returns how many. None where another process has
    /// the lease: it publishes them.
    ///
    /// No transaction is open while they are published, and no row locked.
    private func publishSome() async throws -> Int {
        guard try await !staleRows().isEmpty, try await renewLease() else { return 0 }
        do {
            // Read again: the last holder may have published them meanwhile.
            let rows = try await staleRows()
            let unsent = await acknowledged.without(rows)
            if !unsent.isEmpty { try await publish(unsent) }
            if !rows.isEmpty { try await delete(rows) }
            try await endLease()
            return rows.count
        } catch {
            try? await endLease()
            throw error
        }
    }

    private func publish(_ rows: [OutboxRow]) async throws {
        let (producer, events) = (producer, rows.flatMap(\.events))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await producer.publishOrDiscard(events) }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(10))
                    guard try await renewLease() else { throw CancellationError() }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        await acknowledged.add(rows)
        role.logger.info(
            "published leftover events",
            metadata: ["worker": "\(worker)", "rows": "\(rows.count)"])
    }

    private func delete(_ rows: [OutboxRow]) async throws {
        let ids = rows.map(\.id)
        try await pool.withConnection { connection in
            _ = try await connection.run(DeleteFromOutbox(ids: ids))
        }
        await acknowledged.remove(rows)
    }

    private func staleRows() async throws -> [OutboxRow] {
        let statement = StaleOutbox(worker: worker, olderThanSeconds: Self.staleSeconds)
        return try await pool.withConnection { try await $0.run(statement) }
    }

    private func renewLease() async throws -> Bool {
        let statement = ClaimOutboxRelay(worker: worker, holder: holder)
        return try await pool.withConnection { try await !$0.run(statement).isEmpty }
    }

    private func endLease() async throws {
        let statement = EndOutboxRelay(worker: worker, holder: holder)
        try await pool.withConnection { connection in _ = try await connection.run(statement) }
    }
}

/// The rows that the broker has acknowledged and that couldn't be deleted yet: they are never
/// published again by this process.
private actor AcknowledgedRows {
    private var ids: Set<Int64> = []

    func without(_ rows: [OutboxRow]) -> [OutboxRow] { rows.filter { !ids.contains($0.id) } }

    func add(_ rows: [OutboxRow]) { ids.formUnion(rows.map(\.id)) }

    func remove(_ rows: [OutboxRow]) { ids.subtract(rows.map(\.id)) }
}
