public import Channels
import Hummingbird
import HummingbirdCore
import Kafka
import Payments
public import Postgres
public import ServiceLifecycle
import Store
public import WorkerRuntime

/// The gateway's composition: publishes orders and notifications, records closes and refunds;
/// workers decide on all of them.
public struct Gateway: Sendable {
    let role: RoleContext
    let channel: any PaymentChannel
    let pool: PostgresPool
    let wait: Duration
    let limits: GatewayLimits

    /// - Parameters:
    ///   - channel: verifies and reads the channel's notifications.
    ///   - wait: how long a request waits for its reply, in real time.
    public init(
        role: RoleContext, channel: any PaymentChannel, pool: PostgresPool,
        wait: Duration, limits: GatewayLimits = GatewayLimits()
    ) {
        self.role = role
        self.channel = channel
        self.pool = pool
        self.wait = wait
        self.limits = limits
    }

    /// The services that make the gateway, to be run together.
    /// - Parameter servesOperations: whether readiness and metrics are served at its port.
    public func services(
        host: String, port: Int, servesOperations: Bool
    ) throws -> [any Service] {
        let pending = PendingReplies(limit: limits.waiting, perCaller: limits.waitingPerParty)
        let quotas = CallerQuotas(limits, metrics: role.metrics)
        let readerReadiness = ReaderReadiness()
        // A caller waits: a publish that isn't acknowledged within `wait` is replied to with 202.
        let producer = try EventProducer(
            settings: role.kafka, ends: role.ends, limits: ProducerLimits(deliveryTimeout: wait),
            logger: role.logger)
        role.metrics.watch(producer)
        let directory = Directory(sealer: role.sealer)
        let calls = SignedCall(clock: role.clock, quotas: quotas) { [pool] partyNos in
            try await pool.transaction { transaction in
                try await directory.entries(of: partyNos, in: transaction)
            }
        }
        let payHandle: @Sendable (PayRequest, Timestamp) throws -> PayHandle = { [channel] in
            try channel.payHandle(for: $0, now: $1)
        }
        let refusals = RefusalSample(
            channel: channel.name, metrics: role.metrics, logger: role.logger
        ) { [pool] samples in
            try await pool.withConnection { connection in
                _ = try await connection.run(PutRefusedNotifications(samples))
            }
        }
        let readiness = role.readiness
        readiness.add { readerReadiness.isTrue ? nil : "broker" }
        readiness.add { await producer.isBrokerUnavailable ? "broker" : nil }
        let platformKeys = PlatformKeys(sealer: role.sealer)
        let keys = ShowKeys { [pool, clock = role.clock] in
            try await pool.transaction {
                try await platformKeys.published(at: clock.now(), in: $0)
            }
        }
        let router = GatewayRouter(
            submit: SubmitOrder(
                role: role, producer: producer, payHandle: payHandle, pending: pending,
                quotas: quotas, wait: wait),
            show: ShowOrder(pool: pool, calls: calls, payHandle: payHandle, clock: role.clock),
            close: CloseOrder(
                role: role, pool: pool, calls: calls, pending: pending, wait: wait),
            refund: RefundOrder(
                role: role, pool: pool, calls: calls, pending: pending, wait: wait),
            notification: ReceiveNotification(
                channel: channel, clock: role.clock, logger: role.logger, producer: producer,
                refusals: refusals),
            keys: keys,
            operations: OperationsRoutes(
                metrics: role.metrics, readiness: readiness, isComplete: servesOperations),
            clients: ClientAddress(trustedProxies: limits.connections.trustedProxies),
            quotas: quotas, logger: role.logger)
        var connections = limits.connections
        // A response waits for the publish and then for the reply; the rest is the client's.
        connections.answerTime += wait * 2
        let server = Application(
            router: router.router(),
            server: .bounded(connections, name: "gateway", metrics: role.metrics),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            logger: role.logger)
        return [
            refusals, ReplyReader(role: role, pending: pending, readiness: readerReadiness), server,
        ]
    }
}
