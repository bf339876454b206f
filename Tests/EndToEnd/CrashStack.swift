import Embedded
import Foundation
import Kafka
import Payments
import Postgres
import Simulator
import Store
import TestStack
import TestWaiting

/// A database, a broker and a small business; the test starts each role as a process, to kill it.
struct CrashStack: Sendable {
    let folder: String
    let postgres: EmbeddedPostgres
    let broker: any SandboxBroker
    let keys: SampleKeys
    let database: PostgresConnection
    private let business = SmallBusiness(merchants: 8)

    /// - Parameter restartsDatabase: the database's files outlive its process.
    static func start(restartsDatabase: Bool = false) async throws -> CrashStack {
        let folder = try TemporaryFolder.make("crash")
        async let server = EmbeddedPostgres.start(
            dataFolder: folder + "/postgres", isTemporary: !restartsDatabase, logger: quiet)
        async let broker = SandboxBrokerKind.selected().start(
            folder: folder + "/broker", isTemporary: true)
        let keys = try await SampleKeys.ensure(folder: folder + "/keys")
        let stack = try await CrashStack(
            folder: folder, postgres: server, broker: broker, keys: keys,
            database: PostgresConnection.connect(server.url, logger: quiet))
        try await stack.run("migrate")
        try await stack.applyTopics()
        try await stack.business.add(to: stack.database)
        _ = try await stack.database.run(
            SetInstallationFact(name: InstallationFact.faults, value: "on"))
        return stack
    }

    private init(
        folder: String, postgres: EmbeddedPostgres, broker: any SandboxBroker, keys: SampleKeys,
        database: PostgresConnection
    ) {
        self.folder = folder
        self.postgres = postgres
        self.broker = broker
        self.keys = keys
        self.database = database
    }

    func stop() async {
        await database.close()
        await broker.stop()
        await postgres.stop()
        TemporaryFolder.remove(folder)
    }

    /// Runs `body` on a stack of its own.
    static func with(
        restartsDatabase: Bool = false, _ body: (CrashStack) async throws -> Void
    ) async throws {
        let stack = try await start(restartsDatabase: restartsDatabase)
        do {
            try await body(stack)
        } catch {
            await stack.stop()
            throw error
        }
        await stack.stop()
    }

    /// Creates the topics, with three replicas where the broker has three nodes.
    func applyTopics() async throws {
        if broker.nodeCount >= 3 {
            try await run("topics", "apply", "--production")
        } else {
            try await run("topics", "apply")
        }
    }

    /// Runs a command that must exit 0.
    func run(_ command: String...) async throws {
        let ending = try await TallyProcess.run(command, settings: settings(), folder: folder)
        guard ending.status == 0 else { throw DeadlineError(description: ending.errors) }
    }

    /// A worker as a process.
    /// - Parameters:
    ///   - crashAt: `step:n`, where it kills itself.
    ///   - more: settings of its own.
    func worker(
        _ name: String, crashAt: String? = nil, logLevel: String = "warning",
        _ more: [String: String] = [:]
    ) throws -> TallyProcess {
        let crash = crashAt.map { ["--crash-at", $0] } ?? []
        return try role(
            ["worker", name] + crash, port: LoopbackPort.free(count: 1)[0],
            ["TALLY_LOG_LEVEL": logLevel].merging(more) { $1 })
    }

    /// A role as a process.
    /// - Parameters:
    ///   - port: of its HTTP server.
    ///   - more: settings of its own.
    func role(
        _ arguments: [String], port: UInt16, _ more: [String: String] = [:]
    ) throws -> TallyProcess {
        // A killed process's partitions go to its successor when its session is over.
        let settings = settings().merging([
            "TALLY_HTTP_PORT": String(port), "TALLY_KAFKA_SESSION_TIMEOUT_MS": "3000",
            "TALLY_KAFKA_HEARTBEAT_INTERVAL_MS": "600",
        ]) { $1 }
        .merging(WorkerSettings.channel(keys)) { $1 }
        .merging(more) { $1 }
        return try TallyProcess(arguments, settings: settings, folder: folder)
    }

    /// A worker's settings, with the session timeout that it has by default.
    var workerSettings: [String: String] {
        settings().merging(WorkerSettings.channel(keys)) { $1 }
            .merging(Self.defaultSession) { $1 }
    }

    /// The consumer's default session timeout, in place of the shorter one of these tests.
    static let defaultSession = [
        "TALLY_KAFKA_SESSION_TIMEOUT_MS": "10000", "TALLY_KAFKA_HEARTBEAT_INTERVAL_MS": "2000",
    ]

    func settings() -> [String: String] {
        [
            "TALLY_DATABASE_URL": postgres.url, "TALLY_KAFKA_BROKERS": broker.brokers,
            "TALLY_MASTER_KEY": business.masterKey, "TALLY_LOG_LEVEL": "warning",
        ]
    }

    /// Values that no log may contain.
    var secrets: [String] {
        [business.masterKey] + [postgres.url].compactMap { URL(string: $0)?.password }
    }

    /// A number that a query returns.
    func count(_ sql: String) async throws -> Int {
        Int(try await database.execute(sql)[0].int64(0))
    }

    /// The record of a valid signed order.
    func submission(_ index: Int) throws -> ProducerRecord {
        ProducerRecord(
            topic: "orders.submitted", key: Array(merchantNo(index).utf8),
            value: try OwnSystem.submission(order(index), orderNo: "T20261123C\(index)"))
    }

    private func merchantNo(_ index: Int) -> String {
        business.merchantNos[index % business.merchantNos.count]
    }

    /// A valid signed order.
    func order(_ index: Int) throws -> SignedRequest {
        let merchantNo = merchantNo(index)
        var request = SignedRequest(fields: [
            "merchant_no": .text(merchantNo), "merchant_order_no": .text("C\(index)"),
            "product": "WAP", "amount_fen": .number(Int64(100 + index)), "currency": "CNY",
            "subject": .text("订单 \(index)"),
        ])
        _ = try request.sign(
            with: Endpoints.Key(
                signType: .md5, keyVersion: 1, secret: SmallBusiness.secret, privateKeyFile: nil))
        return request
    }
}
