public import Channels
import Hummingbird
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

    /// - Parameters:
    ///   - channel: reads the channel's notifications.
    ///   - wait: how long a request waits for its reply, in real time.
    public init(
        role: RoleContext, channel: any PaymentChannel, pool: PostgresPool,
        wait: Duration
    ) {
        self.role = role
        self.channel = channel
        self.pool = pool
        self.wait = wait
    }

    // Requests that wait for a reply at once; more get 429.
    private static let waitingLimit = 5_000

    /// The services that make the gateway, to be run together.
    public func services(host: String, port: Int) throws -> [any Service] {
        let pending = PendingReplies(limit: Self.waitingLimit)
        let readerReadiness = ReaderReadiness()
        // A caller waits: a publish that isn't acknowledged within `wait` is replied to with 503.
        let producer = try EventProducer(
            settings: role.kafka, ends: role.ends, limits: ProducerLimits(deliveryTimeout: wait),
            logger: role.logger)
        role.metrics.watch(producer)
        let directory = Directory(sealer: role.sealer)
        let calls = SignedCall(clock: role.clock) { [pool] partyNo in
            try await pool.transaction { transaction in
                try await directory.entries(of: [partyNo], in: transaction)[partyNo]
            }
        }
        let payHandle: @Sendable (PayRequest, Timestamp) throws -> PayHandle = { [channel] in
            try channel.payHandle(for: $0, now: $1)
        }
        let readiness = Readiness()
        readiness.add { readerReadiness.isTrue ? nil : "broker" }
        readiness.add { await producer.isBrokerUnavailable ? "broker" : nil }
        readiness.addDatabase(pool)
        let router = GatewayRouter(
            submit: SubmitOrder(
                role: role, producer: producer, payHandle: payHandle, pending: pending, wait: wait),
            show: ShowOrder(pool: pool, calls: calls, payHandle: payHandle, clock: role.clock),
            close: CloseOrder(role: role, pool: pool, calls: calls, pending: pending, wait: wait),
            refund: RefundOrder(role: role, pool: pool, calls: calls, pending: pending, wait: wait),
            notification: ReceiveNotification(
                channel: channel, clock: role.clock, logger: role.logger, producer: producer),
            operations: OperationsRoutes(metrics: role.metrics, readiness: readiness),
            logger: role.logger)
        let server = Application(
            router: router.router(),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            logger: role.logger)
        return [ReplyReader(role: role, pending: pending, readiness: readerReadiness), server]
    }
}
