import Events
import HTTPTypes
import Hummingbird
import Kafka
import Logging
import NIOCore
import NIOEmbedded
import Payments
import Postgres
import WorkerRuntime

@testable import Gateway
@testable import Store

/// The surroundings of a route: a clock that is set, a merchant with keys, and a database and a
/// broker that don't exist.
enum TestGateway {
    static let now = Timestamp(microseconds: 1_795_000_000_000_000)
    static let secret = "merchant-md5-secret"

    struct FixedClock: BusinessClock {
        let time: Timestamp
        func now() -> Timestamp { time }
        func sleep(until deadline: Timestamp) async throws {}
    }

    static func role(at time: Timestamp = now) throws -> RoleContext {
        var logger = Logger(label: "gateway-tests")
        logger.logLevel = .critical
        return RoleContext(
            name: "gateway", clock: FixedClock(time: time), databaseURL: "",
            kafka: KafkaSettings(brokers: "127.0.0.1:1"),
            sealer: try Sealer(masterKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            idlePoll: .seconds(1), metrics: MetricsRegistry(), ends: ProducedEnds(),
            logger: logger)
    }

    /// A sample of refused notifications that a test stores.
    static func refusals(
        _ metrics: MetricsRegistry = MetricsRegistry(),
        store: @escaping @Sendable ([RefusedNotification]) async throws -> Void
    ) throws -> RefusalSample {
        RefusalSample(
            channel: "test", metrics: metrics, logger: try role().logger, store: store)
    }

    /// A pool whose every request fails: what reaches it was verified before.
    static func pool() throws -> PostgresPool {
        PostgresPool(
            url: "postgres://nobody@127.0.0.1:1/none", size: 1, patience: .milliseconds(50),
            logger: try role().logger)
    }

    static func merchant(
        keys: [(SignType, Int, String)] = [(.md5, 1, secret)], isMerchant: Bool = true,
        isActive: Bool = true, partyNo: String = "M1", agentsThatMustSign: [String] = []
    ) throws -> Directory.Entry {
        Directory.Entry(
            partyNo: partyNo, isMerchant: isMerchant, isActive: isActive, callbackURL: nil,
            requiresAgentSignatures: !agentsThatMustSign.isEmpty, agentNos: agentsThatMustSign,
            platformNo: "P0", rates: [:],
            keys: try keys.map { signType, version, secret in
                Directory.Key(
                    signType: signType, version: version,
                    key: try SigningKey(signType: signType, secret: secret))
            })
    }

    /// Quotas of these limits; of none that a test reaches if it doesn't say.
    static func quotas(
        _ limits: GatewayLimits = GatewayLimits(partyPerSecond: 0, addressPerSecond: 0),
        metrics: MetricsRegistry = MetricsRegistry(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) -> CallerQuotas {
        CallerQuotas(limits, metrics: metrics, now: now)
    }

    static func calls(
        at time: Timestamp = now, quotas: CallerQuotas = quotas(), _ parties: Directory.Entry...
    ) -> SignedCall {
        SignedCall(clock: FixedClock(time: time), quotas: quotas) { partyNos in
            let found = parties.filter { partyNos.contains($0.partyNo) }.map { ($0.partyNo, $0) }
            return Directory.Snapshot(
                version: 1, entries: Dictionary(uniqueKeysWithValues: found))
        }
    }

    /// What every call signs beside its fields.
    static func covered(
        _ action: SignedCall.Action, of number: String = "SHOP-1"
    ) -> [String: String] {
        ["action": action.rawValue, "merchant_order_no": number]
    }

    /// A call's fields, signed with the string to sign built from the contract's words.
    static func signed(
        _ changes: [String: RequestScalar] = [:], secret: String = secret,
        covering path: [String: String] = covered(.show)
    ) throws -> [String: RequestScalar] {
        var fields: [String: RequestScalar] = [
            "merchant_no": .text("M1"), "timestamp": .text(now.rfc3339), "nonce": .text("b0c4"),
            "sign_type": .text("MD5"), "key_version": .integer(1),
        ]
        fields.merge(changes) { _, new in new }
        let text = fields.compactMapValues(\.signedText).merging(path) { _, new in new }
            .filter { !$0.value.isEmpty && $0.key != "sign" }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        fields["sign"] = .text(try SigningKey(signType: .md5, secret: secret).sign(text))
        return fields
    }

    static func context() -> GatewayRequestContext {
        GatewayRequestContext(
            source: ApplicationRequestContextSource(
                channel: EmbeddedChannel(), logger: Logger(label: "gateway-tests")))
    }

    static func request(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = [],
        headers: HTTPFields = [:]
    ) -> Request {
        Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "localhost", path: path,
                headerFields: headers),
            body: .init(buffer: ByteBuffer(bytes: body)))
    }
}

extension Response {
    /// The whole body as text.
    func text() async throws -> String {
        let collected = CollectedBody()
        try await body.write(collected)
        return String(buffer: collected.buffer)
    }
}

private final class CollectedBody: ResponseBodyWriter {
    var buffer = ByteBuffer()
    func write(_ part: ByteBuffer) async throws { buffer.writeImmutableBuffer(part) }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
