import Foundation
import Kafka
import Logging
import Postgres
import ServiceLifecycle
import Store
import TestServices
import TestWaiting
import WorkerRuntime

/// What one test has to itself on the real servers: a database with a table of effects, an input
/// and an output topic, and a worker's name.
struct Stage: Sendable {
    let name: String
    let input: String
    let output: String
    let databaseURL: String
    let kafka: KafkaSettings
    let connection: PostgresConnection
    let metrics = MetricsRegistry()
    let logger: Logger

    static func open(partitions: Int = 1) async throws -> Stage {
        let logger = Logger(label: "worker-runtime-tests") { _ in SwiftLogNoOpLogHandler() }
        let url = try await TestServices.shared.freshDatabase(like: "effects") { url in
            let connection = try await PostgresConnection.connect(url, logger: logger)
            try await Migrator().migrate(connection)
            try await connection.execute(
                "create table effects (place bigint generated always as identity, id text)")
            await connection.close()
        }
        let services = TestServices.shared
        let stage = Stage(
            name: await services.uniqueName("worker"), input: await services.uniqueName("in"),
            output: await services.uniqueName("out"), databaseURL: url,
            kafka: KafkaSettings(brokers: try await services.brokers(), clientID: "runtime-tests"),
            connection: try await PostgresConnection.connect(url, logger: logger), logger: logger)
        let results = try await KafkaAdmin(settings: stage.kafka, logger: logger).createTopics([
            TopicSpecification(name: stage.input, partitions: partitions),
            TopicSpecification(name: stage.output, partitions: 1),
            TopicSpecification(name: "dead-letters", partitions: 1),
        ])
        for result in results where !result.isAlreadyThere {
            if let error = result.error { throw error }
        }
        return stage
    }

    /// The same stage with another broker and input topic.
    func on(brokers: String, input: String, logger: Logger? = nil) -> Stage {
        Stage(
            name: name, input: input, output: output, databaseURL: databaseURL,
            kafka: KafkaSettings(brokers: brokers, clientID: "runtime-tests"),
            connection: connection, logger: logger ?? self.logger)
    }

    /// The same stage with another database.
    func on(databaseURL: String, connection: PostgresConnection) -> Stage {
        Stage(
            name: name, input: input, output: output, databaseURL: databaseURL, kafka: kafka,
            connection: connection, logger: logger)
    }

    /// The worker group's offset of the input's first partition, as Kafka has it.
    func committedOffset() async throws -> Int64 {
        try await CommittedOffset.read(
            group: "tally-\(name)", topic: input, brokers: kafka.brokers)
    }

    func role(metrics: MetricsRegistry? = nil) throws -> RoleContext {
        RoleContext(
            name: name, clock: SystemClock(), databaseURL: databaseURL, kafka: kafka,
            sealer: try Sealer(masterKey: Data(count: 32).base64EncodedString()),
            idlePoll: .milliseconds(20), metrics: metrics ?? self.metrics, ends: ProducedEnds(),
            logger: logger)
    }

    func pool() -> PostgresPool {
        PostgresPool(url: databaseURL, size: 3, patience: .seconds(5), logger: logger)
    }

    func worker(
        onPrepare: @escaping CountingWorker.OnPrepare = { _ in },
        onApply: @escaping CountingWorker.OnApply = { _, _ in }
    ) -> CountingWorker {
        CountingWorker(
            name: name, topics: [input], output: output, onPrepare: onPrepare, onApply: onApply)
    }

    /// Starts a loop of its own, as another process would: own pool, own producer.
    func start(
        _ worker: CountingWorker, limits: BatchLimits = BatchLimits(),
        metrics: MetricsRegistry? = nil, producer: EventProducer? = nil,
        role given: RoleContext? = nil
    ) throws -> RunningService {
        let role = try given ?? role(metrics: metrics)
        let pool = pool()
        let producer =
            try producer ?? EventProducer(settings: kafka, ends: role.ends, logger: logger)
        let loop = BatchLoop(worker, role: role, pool: pool, producer: producer, limits: limits)
        return RunningService(loop, logger: logger) {
            await producer.close()
            await pool.close()
        }
    }

    /// Writes values with keys that spread them over the partitions.
    func write(_ values: [String], to topic: String? = nil) async throws {
        let producer = try KafkaProducer(settings: kafka, logger: logger)
        _ = try await producer.send(
            values.map { value in
                ProducerRecord(
                    topic: topic ?? input, key: Array("k\(value)".utf8),
                    value: Array(value.utf8), headers: [KafkaHeader(name: "h", text: value)])
            })
        await producer.close()
    }

    /// The ids of all effects, in the order in which they were taken.
    func effects() async throws -> [String] {
        try await connection.execute("select id from effects order by place")
            .map { try $0.text(0) }
    }

    func number(_ sql: String) async throws -> Int64 {
        try await connection.execute(sql)[0].int64(0)
    }

    /// Waits until `sql` returns `expected`.
    func wait(
        for sql: String, toBe isRight: @Sendable (Int64) -> Bool,
        within limit: Duration = .seconds(60)
    ) async throws {
        try await eventually("\(sql)", within: limit) { isRight(try await number(sql)) }
    }

    func waitForEffects(_ count: Int) async throws {
        try await wait(for: "select count(*) from effects", toBe: { $0 >= count })
    }

    func waitForEmptyOutbox() async throws {
        try await wait(for: "select count(*) from outbox", toBe: { $0 == 0 })
    }

    /// Reads a topic from its beginning until it has `count` records that are wanted.
    func read(
        _ topic: String, count: Int,
        where isWanted: @Sendable (KafkaRecord) -> Bool = { _ in true }
    ) async throws -> [KafkaRecord] {
        let reader = try KafkaReader(
            settings: kafka, topics: [topic], from: .beginning, logger: logger)
        let end = ContinuousClock.now + .seconds(30)
        var records: [KafkaRecord] = []
        while records.count < count && ContinuousClock.now < end {
            records += try await reader.poll(maxRecords: 5_000, wait: .milliseconds(300))
                .filter(isWanted)
        }
        await reader.close()
        return records
    }
}
