import Embedded
import Foundation
import Kafka
import Postgres
import Simulator
import TestStack

/// A database, a broker and a small business, without any role: each is a process of the test's
/// own, to be killed.
struct CrashStack: Sendable {
    let folder: String
    let postgres: EmbeddedPostgres
    let broker: EmbeddedBroker
    let keys: SampleKeys
    let database: PostgresConnection
    private let business = SmallBusiness(merchants: 8)

    static func start() async throws -> CrashStack {
        let folder = try TemporaryFolder.make("crash")
        async let server = EmbeddedPostgres.start(
            dataFolder: folder + "/postgres", isTemporary: true, logger: quiet)
        async let broker = EmbeddedBroker.start(folder: folder + "/broker", isTemporary: true)
        let keys = try await SampleKeys.ensure(folder: folder + "/keys")
        let stack = try await CrashStack(
            folder: folder, postgres: server, broker: broker, keys: keys,
            database: PostgresConnection.connect(server.url, logger: quiet))
        for command in [["migrate"], ["topics", "apply"]] {
            let ending = try await TallyProcess.run(
                command, settings: stack.settings(), folder: folder)
            guard ending.status == 0 else { throw DeadlineError(description: ending.errors) }
        }
        try await stack.business.add(to: stack.database)
        return stack
    }

    private init(
        folder: String, postgres: EmbeddedPostgres, broker: EmbeddedBroker, keys: SampleKeys,
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

    /// A worker as a process.
    func worker(_ name: String, logLevel: String = "warning") throws -> TallyProcess {
        let port = try LoopbackPort.free(count: 1)[0]
        let settings = settings().merging([
            "TALLY_HTTP_PORT": String(port), "TALLY_LOG_LEVEL": logLevel,
        ]) { $1 }
        .merging(WorkerSettings.channel(keys)) { $1 }
        return try TallyProcess(["worker", name], settings: settings, folder: folder)
    }

    func settings() -> [String: String] {
        [
            "TALLY_DATABASE_URL": postgres.url, "TALLY_KAFKA_BROKERS": broker.brokers,
            "TALLY_MASTER_KEY": business.masterKey, "TALLY_LOG_LEVEL": "warning",
        ]
    }

    /// What no log may hold.
    var secrets: [String] {
        [business.masterKey] + [postgres.url].compactMap { URL(string: $0)?.password }
    }

    /// A number that a query returns.
    func count(_ sql: String) async throws -> Int {
        Int(try await database.execute(sql)[0].int64(0))
    }

    /// The record of a valid signed order.
    func submission(_ index: Int) throws -> ProducerRecord {
        let merchantNo = business.merchantNos[index % business.merchantNos.count]
        var request = SignedRequest(members: [
            "merchant_no": .text(merchantNo), "merchant_order_no": .text("C\(index)"),
            "product": "WAP", "amount_fen": .number(Int64(100 + index)), "currency": "CNY",
            "subject": .text("订单 \(index)"),
        ])
        _ = try request.sign(
            with: Endpoints.Key(
                signType: .md5, keyVersion: 1, secret: SmallBusiness.secret, privateKeyFile: nil))
        return ProducerRecord(
            topic: "orders.submitted", key: Array(merchantNo.utf8),
            value: try OwnSystem.submission(request, orderNo: "T20261123C\(index)"))
    }
}
