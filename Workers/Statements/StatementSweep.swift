public import Channels
public import Logging
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Downloads each day's bill from the channel on the next morning, and imports it.
public struct StatementSweep: Sweep {
    public let name = "statements"
    public let concurrency = 1

    private let channel: any PaymentChannel
    private let importer: StatementImport
    private let pool: PostgresPool
    private let clock: any BusinessClock
    private let logger: Logger

    /// - Parameter importer: stores the statements, and publishes their lines.
    public init(
        channel: any PaymentChannel, importer: StatementImport, pool: PostgresPool,
        clock: any BusinessClock, logger: Logger
    ) {
        self.channel = channel
        self.importer = importer
        self.pool = pool
        self.clock = clock
        self.logger = logger
    }

    public func claim(
        limit: Int, now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimStatementFetch.Row] {
        for fetch in StatementFetchPlan.fetches(at: now) {
            _ = try await connection.run(
                PlanStatementFetch(channel: channel.name, day: fetch.day, firstAt: fetch.firstAt))
        }
        return try await connection.run(ClaimStatementFetch(channel: channel.name, now: now))
    }

    public func perform(_ job: ClaimStatementFetch.Row) async throws {
        let now = clock.now()
        var result: String
        var isStored = false
        do {
            let download = try await channel.bill(day: job.day, now: now)
            switch try StatementFetchPlan.decision(on: download, of: job, reader: channel, now: now)
            {
            case .store(let statement, let file):
                result = "\(try await importer.run(statement, fileBytes: file, now: now))"
                isStored = true
            case .retry(let reason): result = reason
            }
        } catch {
            result = "\(error)"
            logger.error(
                "the day's statement was not imported; the day is not reconciled until it is",
                metadata: ["day": "\(job.day)", "error": "\(error)"])
        }
        let completion = CompleteStatementFetch(
            channel: channel.name, day: job.day, attempt: job.attempt,
            nextAt: isStored ? nil : StatementFetchPlan.retryAt(after: now),
            answer: String(result.prefix(500)))
        _ = try await pool.withConnection { try await $0.run(completion) }
    }
}
