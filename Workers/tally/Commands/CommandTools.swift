import Composition
import Kafka
import Logging
import Postgres
import Store
import WorkerRuntime

/// What a command needs that changes something and publishes it.
struct CommandTools {
    let pool: PostgresPool
    let producer: EventProducer
    let outbox: TransactionalOutbox
    /// Publishes what earlier runs of the command left stored.
    let leftovers: OutboxRelay

    /// - Parameter name: whose outbox rows it makes: a worker that sweeps them if the command ends
    ///   before it has published them.
    init(_ settings: Settings, name: String) throws {
        let logger = Logger(label: "tally.\(name)")
        let url = try settings.requireDatabase()
        let role = RoleContext(
            name: name, clock: SystemClock(), databaseURL: url, kafka: settings.kafka,
            sealer: try settings.sealer(), idlePoll: .milliseconds(250),
            metrics: MetricsRegistry(), ends: ProducedEnds(), logger: logger)
        pool = PostgresPool(
            url: url, size: 2, applicationName: "tally-\(name)", logger: logger)
        producer = try EventProducer(settings: settings.kafka, ends: role.ends, logger: logger)
        outbox = TransactionalOutbox(worker: name, role: role, pool: pool, producer: producer)
        leftovers = OutboxRelay(worker: name, role: role, pool: pool, producer: producer)
    }

    /// Waits until everything is published, and closes.
    func close() async {
        await outbox.drain()
        await producer.close()
        await pool.close()
    }
}
