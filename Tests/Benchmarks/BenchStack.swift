import Embedded
import Events
import Foundation
import Kafka
import Logging
import Postgres
import Simulator
import TestStack
import TestWaiting

/// A PostgreSQL with fsync on, a broker, and roles as processes of their own.
struct BenchStack {
    let folder: String
    let postgres: EmbeddedPostgres
    let broker: any SandboxBroker
    let database: PostgresConnection
    private let business = SmallBusiness(merchants: OrderMaker.merchants)
    private let keys: SampleKeys

    static let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    static let topic = OrderSubmitted.topic

    /// Runs `body` on a fresh stack, and stops it however that ends.
    static func with<Value>(_ body: (BenchStack) async throws -> Value) async throws -> Value {
        let stack = try await start()
        do {
            let value = try await body(stack)
            await stack.stop()
            return value
        } catch {
            await stack.stop()
            throw error
        }
    }

    private static func start() async throws -> BenchStack {
        let folder = try TemporaryFolder.make("bench")
        let postgres = try await EmbeddedPostgres.start(
            dataFolder: folder + "/postgres", logger: quiet)
        let broker = try await SandboxBrokerKind.selected().start(folder: folder + "/broker")
        let stack = BenchStack(
            folder: folder, postgres: postgres, broker: broker,
            database: try await PostgresConnection.connect(postgres.url, logger: quiet),
            keys: try await SampleKeys.ensure(folder: folder + "/keys"))
        let copies = broker.nodeCount >= 3 ? ["--production"] : []
        for command in [["migrate"], ["topics", "apply"] + copies] {
            let ending = try await TallyProcess.run(
                command, settings: stack.settings, folder: folder)
            guard ending.status == 0 else { throw DeadlineError(description: ending.errors) }
        }
        try await stack.business.add(to: stack.database)
        return stack
    }

    private func stop() async {
        await database.close()
        await broker.stop()
        await postgres.stop()
        TemporaryFolder.remove(folder)
    }

    private var settings: [String: String] {
        [
            "TALLY_DATABASE_URL": postgres.url, "TALLY_KAFKA_BROKERS": broker.brokers,
            "TALLY_MASTER_KEY": business.masterKey, "TALLY_LOG_LEVEL": "warning",
        ].merging(broker.clientSettings(fetchWaitMilliseconds: 20)) { $1 }.merging(
            // Further options of librdkafka, for a comparison.
            ProcessInfo.processInfo.environment.filter {
                $0.key.hasPrefix("TALLY_KAFKA_") && $0.key != "TALLY_KAFKA_NODES"
            }
        ) { $1 }
    }

    // MARK: Roles

    /// Starts a role, with a port of its own.
    func role(
        _ arguments: [String], port: UInt16? = nil, _ more: [String: String] = [:]
    ) throws -> TallyProcess {
        let port = try port ?? LoopbackPort.free(count: 1)[0]
        return try TallyProcess(
            arguments,
            settings: settings.merging(WorkerSettings.channel(keys)) { $1 }
                .merging(["TALLY_HTTP_PORT": "\(port)"]) { $1 }.merging(more) { $1 },
            folder: folder)
    }

    func stop(_ roles: [TallyProcess]) async throws {
        for role in roles { role.signal(SIGTERM) }
        for role in roles { _ = try await role.ending(within: .seconds(30)) }
    }

    // MARK: Figures

    func number(_ sql: String) async throws -> Int {
        Int(try await database.execute(sql)[0].int64(0))
    }

    /// How many submissions the workers have stored.
    func stored() async throws -> Int {
        try await number(
            """
            select coalesce(sum(next_offset), 0)::bigint from consumer_offsets
            where worker = 'signature'
            """)
    }

    /// Polls every 5 ms: rarely enough that the queries cost nothing that is measured.
    func poll(
        _ roles: [TallyProcess], until isTrue: () async throws -> Bool
    ) async throws {
        while try await !isTrue() {
            for role in roles where !role.isRunning {
                throw DeadlineError(description: "a role ended: \(role.errors.suffix(2_000))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func producer() throws -> KafkaProducer {
        try KafkaProducer(settings: KafkaSettings(brokers: broker.brokers), logger: Self.quiet)
    }

    /// Publishes the submissions of `indices`.
    func preload(_ indices: Range<Int>, to topic: String = topic) async throws {
        let producer = try producer()
        let maker = try OrderMaker()
        for start in stride(from: indices.lowerBound, to: indices.upperBound, by: 5_000) {
            let piece = start..<min(start + 5_000, indices.upperBound)
            _ = try await producer.send(
                piece.map { Self.record(try maker.record($0), of: $0, to: topic) })
        }
        await producer.close()
    }

    static func record(
        _ value: [UInt8], of index: Int, to topic: String = topic
    ) -> ProducerRecord {
        ProducerRecord(
            topic: topic, key: Array(OrderMaker.merchantNo(index).utf8), value: value,
            headers: [
                KafkaHeader(
                    name: OrderSubmitted.answeredByHeader, text: OrderSubmitted.byGateway),
                KafkaHeader(
                    name: "traceparent",
                    text: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ])
    }
}
