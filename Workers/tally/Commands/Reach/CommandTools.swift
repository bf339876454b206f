import Composition
import Kafka
import Logging
import Postgres
import Store
import WorkerRuntime

/// What a command needs that stores events and publishes them.
struct CommandTools {
    let pool: PostgresPool
    let outbox: TransactionalOutbox
    /// Publishes what earlier runs of the command left in the outbox.
    let leftovers: OutboxRelay
    private let producer: EventProducer

    /// How long a command waits for the broker to acknowledge what it has stored.
    @TaskLocal static var limit: Duration = .seconds(10)

    /// Connects to the database once, so that one that is unavailable is reported at once.
    /// - Parameter name: the worker of its outbox rows: a role's relay publishes them if the
    ///   command
    ///   ends before it has.
    init(_ settings: Settings, name: String) async throws {
        try await CommandDatabase.check(settings, name: name)
        // The command reports failures itself, once.
        let logger = Terminal.quietLogger
        let url = try settings.requireDatabase()
        let role = RoleContext(
            name: name, clock: SystemClock(), databaseURL: url, kafka: settings.kafka,
            sealer: try settings.sealer(), idlePoll: .milliseconds(250),
            metrics: MetricsRegistry(), ends: ProducedEnds(), logger: logger)
        pool = PostgresPool(
            url: url, size: 2, applicationName: "tally-\(name)", logger: logger)
        producer = try EventProducer(
            settings: settings.kafka, ends: role.ends,
            limits: ProducerLimits(deliveryTimeout: Self.limit), logger: logger)
        outbox = TransactionalOutbox(worker: name, role: role, pool: pool, producer: producer)
        leftovers = OutboxRelay(worker: name, role: role, pool: pool, producer: producer)
    }

    /// Runs `body`, which stores through ``outbox``. Where the broker acknowledges nothing for
    /// ``limit``, `body` doesn't wait for it any more: it stores the rest, which stays in the
    /// outbox.
    func storing<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        let outbox = outbox
        let limit = Self.limit
        let watch = Task {
            var last = await outbox.unpublishedCount
            var since = ContinuousClock.now
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(100))
                let count = await outbox.unpublishedCount
                if count == 0 || count != last { (last, since) = (count, .now) }
                if ContinuousClock.now - since > limit { return await outbox.stopWaiting() }
            }
        }
        defer { watch.cancel() }
        return try await body()
    }

    /// The error of a command that stored everything while the broker acknowledged nothing.
    /// - Parameters:
    ///   - what: what is stored.
    ///   - role: whose relay publishes it.
    func unpublished(_ what: String, by role: String) async -> CommandError {
        let cause = await producer.lastError.map { " (\($0.reason)\($0.cure))" } ?? ""
        return CommandError(
            "\(what) are stored, but the broker didn't acknowledge them in time\(cause). "
                + "Nothing is lost: don't repeat the command, the \(role) role publishes what is "
                + "stored once the broker answers. Check that Kafka runs and that "
                + "TALLY_KAFKA_BROKERS is right")
    }

    /// Waits until everything stored is published, for ``limit`` at most, and closes.
    /// - Returns: whether it is; else the rest stays in the outbox.
    func close() async -> Bool {
        let isPublished = await outbox.finish(within: Self.limit)
        await producer.close()
        await pool.close()
        return isPublished
    }
}
