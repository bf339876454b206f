import Embedded
import Foundation
import Kafka
import Payments
import Postgres
import Simulator
import Store

/// A database, a broker and a small business, without any role: each is a process of the test's
/// own, to be killed.
struct CrashStack: Sendable {
    static let merchantNos = (1...8).map { "M30\($0)" }
    private static let secret = "a merchant's secret of the crash tests"

    let folder: String
    let postgres: EmbeddedPostgres
    let broker: EmbeddedBroker
    let keys: SampleKeys
    let database: PostgresConnection
    private let masterKey = Data((0..<32).map { _ in UInt8.random(in: 0...255) })
        .base64EncodedString()

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
        try await stack.addParties()
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
    func worker(_ name: String) throws -> TallyProcess {
        let port = try LoopbackPort.free(count: 1)[0]
        let settings = settings().merging([
            "TALLY_HTTP_PORT": String(port),
            "TALLY_ALIPAY_GATEWAY_URL": "http://127.0.0.1:9/gateway.do",
            "TALLY_ALIPAY_APP_ID": AlipayIdentity.sample.appID,
            "TALLY_ALIPAY_SELLER_ID": AlipayIdentity.sample.sellerID,
            "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE": keys.path(of: .appPrivate),
            "TALLY_ALIPAY_PUBLIC_KEY_FILE": keys.path(of: .alipayPublic),
            "TALLY_ALIPAY_NOTIFY_URL": "http://127.0.0.1:9/v1/channels/alipay/notify",
        ]) { $1 }
        return try TallyProcess(["worker", name], settings: settings, folder: folder)
    }

    func settings() -> [String: String] {
        [
            "TALLY_DATABASE_URL": postgres.url, "TALLY_KAFKA_BROKERS": broker.brokers,
            "TALLY_MASTER_KEY": masterKey, "TALLY_LOG_LEVEL": "warning",
        ]
    }

    /// A number that a query returns.
    func count(_ sql: String) async throws -> Int {
        Int(try await database.execute(sql)[0].int64(0))
    }

    /// The record of a valid signed order.
    func submission(_ index: Int) throws -> ProducerRecord {
        let merchantNo = Self.merchantNos[index % Self.merchantNos.count]
        var request = SignedRequest(members: [
            "merchant_no": .text(merchantNo), "merchant_order_no": .text("C\(index)"),
            "product": "WAP", "amount_fen": .number(Int64(100 + index)), "currency": "CNY",
            "subject": .text("订单 \(index)"),
        ])
        _ = try request.sign(
            with: Endpoints.Key(
                signType: .md5, keyVersion: 1, secret: Self.secret, privateKeyFile: nil))
        return ProducerRecord(
            topic: "orders.submitted", key: Array(merchantNo.utf8),
            value: try OwnSystem.submission(request, orderNo: "T20261123C\(index)"))
    }

    private func addParties() async throws {
        let sealer = try Sealer(masterKey: masterKey)
        try await database.transaction { transaction in
            try await add("P1", .platform, under: nil, ppm: 3_800, in: transaction)
            try await add("A1", .agent, under: "P1", ppm: 4_800, in: transaction)
            for number in Self.merchantNos {
                try await add(number, .merchant, under: "A1", ppm: 6_000, in: transaction)
                let context = PutSigningKey.sealContext(partyNo: number, keyVersion: 1)
                _ = try await transaction.run(
                    PutSigningKey(
                        partyNo: number, keyVersion: 1, signType: .md5,
                        secretSealed: try sealer.seal(Self.secret, context: context),
                        publicKeyPEM: nil))
            }
        }
    }

    private func add(
        _ partyNo: String, _ kind: PutParty.Kind, under parentNo: String?, ppm: Int64,
        in transaction: PostgresTransaction
    ) async throws {
        _ = try await transaction.run(
            PutParty(
                partyNo: partyNo, kind: kind, parentNo: parentNo, name: partyNo,
                callbackURL: nil, requiresAgentSignatures: false))
        _ = try await transaction.run(
            PutRate(
                partyNo: partyNo, product: .wap, rate: try Rate(ppm: ppm),
                effectiveFrom: Timestamp(microseconds: 1_700_000_000_000_000)))
    }
}
