import Embedded
import Events
import Foundation
import Kafka
import Logging
import Postgres
import Simulator
import TestStack

private let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

/// Intake: orders that wait in `orders.submitted` are verified, stored, answered and published by
/// so many processes of the signature worker; beside it a hand-tuned Python consumer of the same
/// bytes, and PostgreSQL alone, on the same servers. fsync is on.
struct IntakeBench {
    private let orders: Int
    private let folder: String
    private let postgres: EmbeddedPostgres
    private let broker: EmbeddedBroker
    private let business = SmallBusiness(merchants: OrderMaker.merchants)
    private let keys: SampleKeys
    private let database: PostgresConnection

    static func start(orders: Int) async throws -> IntakeBench {
        let folder = try TemporaryFolder.make("bench")
        let postgres = try await EmbeddedPostgres.start(
            dataFolder: folder + "/postgres", logger: quiet)
        let broker = try await EmbeddedBroker.start(folder: folder + "/broker")
        let bench = IntakeBench(
            orders: orders, folder: folder, postgres: postgres, broker: broker,
            keys: try await SampleKeys.ensure(folder: folder + "/keys"),
            database: try await PostgresConnection.connect(postgres.url, logger: quiet))
        for command in [["migrate"], ["topics", "apply"]] {
            let ending = try await TallyProcess.run(
                command, settings: bench.settings, folder: folder)
            guard ending.status == 0 else { throw DeadlineError(description: ending.errors) }
        }
        try await bench.business.add(to: bench.database)
        return bench
    }

    func stop() async {
        await database.close()
        await broker.stop()
        await postgres.stop()
        TemporaryFolder.remove(folder)
    }

    func run(processes: [Int], into table: inout Table) async throws {
        let ceiling = try await python(mode: "ceiling", processes: 2, topic: "")
        table.add(
            "PostgreSQL alone: unnest, two connections", ceiling, "9 columns and an outbox row")
        var first = 0
        var best = 0.0
        for count in processes {
            try await preload("orders.submitted", from: first)
            first += orders
            let drain = try await drain(processes: count, upTo: first)
            best = max(best, drain.rate)
            table.add(
                "intake, \(count) process\(count == 1 ? "" : "es")", drain.rate,
                ratio(drain.rate, ceiling) + " of PostgreSQL alone; 30 columns, events, published;"
                    + " \(orders / max(1, drain.batches)) a batch,"
                    + " at most \(drain.memory / 1024) MiB a process")
        }
        try await preload("bench.orders", from: 0)
        for count in [1, 2] {
            let rate = try await python(mode: "drain", processes: count, topic: "bench.orders")
            table.add(
                "Python, COPY, \(count) process\(count == 1 ? "" : "es")", rate,
                "our best is " + ratio(best, rate) + "; 9 columns, nothing published")
        }
    }

    // MARK: Ours

    private struct Drain {
        let rate: Double
        let batches: Int
        /// The largest resident size of a worker, in KiB.
        let memory: Int
    }

    private func drain(processes count: Int, upTo goal: Int) async throws -> Drain {
        let before = goal - orders
        let outboxBefore = try await lastOutboxID()
        let workers = try LoopbackPort.free(count: count).map { port in
            try TallyProcess(
                ["worker", "signature"],
                settings: settings.merging(WorkerSettings.channel(keys)) { $1 }
                    .merging(["TALLY_HTTP_PORT": "\(port)"]) { $1 }, folder: folder)
        }
        try await poll(workers) { try await done() > before }
        let (begun, start) = (try await done(), ContinuousClock.now)
        try await poll(workers) { try await done() >= goal }
        try await poll(workers) { try await number("select count(*) from outbox") == 0 }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let memory = workers.map { Self.peakMemory(of: $0.pid) }.max() ?? 0
        for worker in workers { worker.signal(SIGTERM) }
        for worker in workers { _ = try await worker.ending(within: .seconds(30)) }
        let stored = try await number("select count(*) from orders")
        guard stored == goal else {
            throw DeadlineError(description: "\(stored) orders are stored, not \(goal)")
        }
        return Drain(
            rate: Double(goal - begun) / seconds,
            batches: try await lastOutboxID() - outboxBefore, memory: memory)
    }

    private func lastOutboxID() async throws -> Int {
        try await number("select last_value from outbox_outbox_id_seq")
    }

    /// Asks every few milliseconds: the asking must not be what is measured.
    private func poll(
        _ workers: [TallyProcess], until isTrue: () async throws -> Bool
    ) async throws {
        while try await !isTrue() {
            for worker in workers where !worker.isRunning {
                throw DeadlineError(description: "a worker ended: \(worker.errors.suffix(2_000))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func done() async throws -> Int {
        try await number(
            """
            select coalesce(sum(next_offset), 0)::bigint from consumer_offsets
            where worker = 'signature'
            """)
    }

    private func number(_ sql: String) async throws -> Int {
        Int(try await database.execute(sql)[0].int64(0))
    }

    private static func peakMemory(of pid: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }

    private var settings: [String: String] {
        [
            "TALLY_DATABASE_URL": postgres.url, "TALLY_KAFKA_BROKERS": broker.brokers,
            "TALLY_MASTER_KEY": business.masterKey, "TALLY_LOG_LEVEL": "warning",
        ]
    }

    // MARK: Input, and the other side

    private static let partitions = 6

    private func preload(_ topic: String, from first: Int) async throws {
        let settings = KafkaSettings(brokers: broker.brokers)
        if topic != "orders.submitted" {
            _ = try await KafkaAdmin(settings: settings, logger: quiet).createTopics([
                TopicSpecification(name: topic, partitions: Self.partitions)
            ])
        }
        let producer = try KafkaProducer(settings: settings, logger: quiet)
        let maker = try OrderMaker()
        for start in stride(from: first, to: first + orders, by: 5_000) {
            let records = try (start..<min(start + 5_000, first + orders)).map { index in
                ProducerRecord(
                    topic: topic, key: Array(OrderMaker.merchantNo(index).utf8),
                    value: try maker.record(index),
                    headers: [
                        KafkaHeader(
                            name: OrderSubmitted.answeredByHeader, text: OrderSubmitted.byGateway),
                        KafkaHeader(
                            name: "traceparent",
                            text: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                    ])
            }
            _ = try await producer.send(records)
        }
        await producer.close()
    }

    private func python(mode: String, processes: Int, topic: String) async throws -> Double {
        let options: [String: Any] = [
            "mode": mode, "database": postgres.url, "brokers": broker.brokers, "topic": topic,
            "processes": processes, "count": orders, "partitions": Self.partitions,
            "secrets": [SmallBusiness.secret, SmallBusiness.agentSecret],
        ]
        let json = String(
            decoding: try JSONSerialization.data(withJSONObject: options), as: UTF8.self)
        let tools = FileManager.default.currentDirectoryPath
        let process = try TallyProcess(
            [tools + "/Tests/Benchmarks/intake.py", json], folder: folder, name: "python",
            program: tools + "/.tally-tools/python/bin/python")
        let ending = try await process.ending(within: .seconds(600))
        guard ending.status == 0,
            let answer = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
                as? [String: Double], let rate = answer["rate"]
        else { throw DeadlineError(description: "intake.py: \(ending.errors)") }
        return rate
    }
}
