public import Channels
public import Logging
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Fetches each day's statement from the channel, the morning after, and imports it.
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

    // The channel has a day's statement from about nine o'clock the next morning.
    private static let availableAfterSeconds: Int64 = 9 * 3_600 + 300
    // "No data" before this hour means "not yet", whatever the words.
    private static let emptyAfterSeconds: Int64 = 14 * 3_600

    public func claim(
        limit: Int, excluding lanes: [String], now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimStatementFetch.Row] {
        let today = BusinessDay.containing(now)
        for day in [today.previous, today] {
            _ = try await connection.run(
                PlanStatementFetch(
                    channel: channel.name, day: day,
                    firstAt: day.end.adding(seconds: Self.availableAfterSeconds)))
        }
        return try await connection.run(ClaimStatementFetch(channel: channel.name, now: now))
    }

    public func perform(_ job: ClaimStatementFetch.Row) async throws {
        let now = clock.now()
        var answer: String
        var isHere = false
        do {
            switch try await channel.bill(day: job.day, now: now) {
            case .file(let bytes):
                let statement = try channel.statement(in: bytes, of: job.day)
                answer = "\(try await importer.run(statement, fileBytes: bytes, now: now))"
                isHere = true
            case .empty where canBeEmpty(job, now):
                let statement = Statement.empty(
                    account: channel.account.billAccount ?? channel.account.appID, day: job.day)
                answer = "\(try await importer.run(statement, fileBytes: [], now: now))"
                isHere = true
            case .empty:
                answer = "the channel has no data, which can't be concluded yet"
            case .notYet:
                answer = "not available yet"
            }
        } catch {
            answer = "\(error)"
            logger.error(
                "the day's statement was not taken in; nothing of it is reconciled",
                metadata: ["day": "\(job.day)", "error": "\(error)"])
        }
        let completion = CompleteStatementFetch(
            channel: channel.name, day: job.day, attempt: job.attempt,
            nextAt: isHere ? nil : now.adding(seconds: 600), answer: String(answer.prefix(500)))
        _ = try await pool.withConnection { try await $0.run(completion) }
    }

    private func canBeEmpty(_ job: ClaimStatementFetch.Row, _ now: Timestamp) -> Bool {
        !job.hasPaidOrders && now >= job.day.end.adding(seconds: Self.emptyAfterSeconds)
    }
}

extension Statement {
    /// The statement of a day on which nothing happened.
    static func empty(account: String, day: BusinessDay) -> Statement {
        Statement(
            account: account, day: day, lines: [],
            footer: StatementFooter(
                tradeCount: 0, tradeTotal: .zero, refundCount: 0, refundTotal: .zero))
    }
}
