public import Channels
import Hummingbird
import Kafka
public import Postgres
public import ServiceLifecycle
import Store
public import WorkerRuntime

/// The gateway's composition: takes orders, closes, refunds and notifications in; decides nothing.
public struct Gateway: Sendable {
    let role: RoleContext
    let channel: any PaymentChannel
    let pool: PostgresPool
    let wait: Duration

    /// - Parameters:
    ///   - channel: reads the channel's notifications.
    ///   - wait: how long a request waits for its answer, in real time.
    public init(
        role: RoleContext, channel: any PaymentChannel, pool: PostgresPool,
        wait: Duration
    ) {
        self.role = role
        self.channel = channel
        self.pool = pool
        self.wait = wait
    }

    // Requests that wait for an answer at once; more are told to come back.
    private static let waitingLimit = 5_000

    /// The services that make the gateway, to be run together.
    public func services(host: String, port: Int) throws -> [any Service] {
        let pending = PendingReplies(limit: Self.waitingLimit)
        let readerReadiness = ReaderReadiness()
        // A caller waits for it: what isn't acknowledged by then is told to be sent again.
        let producer = try EventProducer(
            settings: role.kafka, ends: role.ends, limits: ProducerLimits(deliveryTimeout: wait),
            logger: role.logger)
        role.metrics.watch(producer)
        let calls = SignedCall(directory: Directory(sealer: role.sealer), clock: role.clock)
        let readiness = Readiness()
        readiness.add { readerReadiness.isTrue ? nil : "broker" }
        readiness.add { await producer.isBrokerUnavailable ? "broker" : nil }
        readiness.addDatabase(pool)
        let router = GatewayRouter(
            submit: SubmitOrder(
                role: role, producer: producer, channel: channel, pending: pending, wait: wait),
            show: ShowOrder(pool: pool, calls: calls, channel: channel, clock: role.clock),
            close: CloseOrder(role: role, pool: pool, calls: calls, pending: pending, wait: wait),
            refund: RefundOrder(role: role, pool: pool, calls: calls, pending: pending, wait: wait),
            notify: AlipayNotify(role: role, producer: producer, channel: channel),
            operations: OperationsRoutes(metrics: role.metrics, readiness: readiness),
            logger: role.logger)
        let server = Application(
            router: router.router(),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            logger: role.logger)
        return [ReplyReader(role: role, pending: pending, readiness: readerReadiness), server]
    }
}
