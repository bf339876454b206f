import AsyncHTTPClient
import Callback
import Channels
import Console
import Delivery
import Gateway
import Inquiry
import Kafka
import Logging
import NIOCore
import NIOPosix
import Onboarding
import Payments
import Postgres
import Reconciliation
import Refunds
package import ServiceLifecycle
import Settlement
import Signature
import Statements
import Store
package import WorkerRuntime

/// The composition root: makes each role's services.
package struct RoleBuilder: Sendable {
    private let settings: Settings
    private let clock: any BusinessClock
    private let idlePoll: Duration
    private let ends: ProducedEnds
    private let crashPoints: CrashPoints

    /// - Parameters:
    ///   - idlePoll: how often idle sweeps look for work.
    ///   - ends: shared by the roles of one process.
    ///   - crashPoints: called at the steps of the roles' loops.
    package init(
        settings: Settings, clock: any BusinessClock, idlePoll: Duration, ends: ProducedEnds,
        crashPoints: CrashPoints = .unwatched
    ) {
        self.settings = settings
        self.clock = clock
        self.idlePoll = idlePoll
        self.ends = ends
        self.crashPoints = crashPoints
    }

    /// A role's services in their order of starting; they stop in the reverse order.
    /// - Parameter port: of `/healthz` and the rest.
    package func services(of role: Role, port: Int) async throws -> [any Service] {
        let context = try context(of: role)
        let pool = PostgresPool(
            url: context.databaseURL, size: role == .delivery ? 12 : 6,
            applicationName: "tally-\(role.rawValue)", session: settings.database.session(of: role),
            logger: context.logger)
        let client = role.clientConfiguration.map {
            HTTPClient(
                eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: $0)
        }
        let producer = try EventProducer(
            settings: context.kafka, ends: ends, logger: context.logger)
        context.metrics.watch(pool)
        // The gateway has a producer of its own.
        if role != .gateway { context.metrics.watch(producer) }
        let parts = Parts(
            context: context, pool: pool, client: client, producer: producer,
            settings: settings, port: port)
        do {
            return [Closing(parts: parts)] + (try parts.gatedServices(of: role))
        } catch {
            try? await client?.shutdown()
            throw error
        }
    }

    private func context(of role: Role) throws -> RoleContext {
        var logger = Logger(label: "tally.\(role.rawValue)")
        logger.logLevel = settings.logLevel
        logger[metadataKey: "role"] = "\(role.rawValue)"
        let metrics = MetricsRegistry()
        metrics.collect(
            "tally_produced_end_offset",
            help: "One past the last offset this process has written, by partition."
        ) { [ends] in
            ends.all.map { end in
                (
                    ["topic": end.key.topic, "partition": String(end.key.partition)],
                    Double(end.value)
                )
            }
        }
        return RoleContext(
            name: role.rawValue, clock: clock, databaseURL: try settings.requireDatabase(),
            kafka: settings.kafka, sealer: try settings.sealer(), idlePoll: idlePoll,
            metrics: metrics, ends: ends, crashPoints: crashPoints, logger: logger)
    }
}

/// Shared by the services of one role.
private struct Parts: Sendable {
    let context: RoleContext
    let pool: PostgresPool
    /// Only for roles that send requests.
    let client: HTTPClient?
    let producer: EventProducer
    let settings: Settings
    let port: Int

    /// The services; all but the HTTP server begin once the role has found what it needs.
    func gatedServices(of role: Role) throws -> [any Service] {
        var quiet = context.logger
        quiet.logLevel = .critical
        let pool = PostgresPool(
            url: context.databaseURL, size: 1, applicationName: "tally-\(role.rawValue)-start",
            session: settings.database.session(of: role), patience: .seconds(2), logger: quiet)
        let checks: [any StartCheck] = [
            DatabaseCheck(pool: pool, schema: context.schema, sealer: context.sealer),
            try TopicCheck(role, context.kafka),
        ]
        let gate = StartGate(checks: checks.count)
        context.readiness.addAll { gate.missing }
        let start = StartChecks(checks: checks, gate: gate, logger: context.logger)
        let services = try services(of: role)
        context.readiness.addDatabase(self.pool, context.schema)
        // The gateway's and the console's own services refuse requests while something is missing.
        guard !role.servesPeople else { return [start] + services }
        return [start]
            + services.map { $0 is OperationsServer ? $0 : GatedService(service: $0, gate: gate) }
    }

    private func services(of role: Role) throws -> [any Service] {
        switch role {
        case .gateway:
            let gateway = Gateway(
                role: context, channel: try channel(), pool: pool,
                wait: .milliseconds(settings.answerWaitMilliseconds),
                limits: settings.gateway.limits)
            return try gateway.services(
                host: settings.httpHost, port: port,
                servesOperations: settings.separateOperationsPort(of: role) == nil)
                + separateOperations(of: role)
        case .signature:
            let channel = try channel()
            return [
                operations,
                loop(
                    SignatureWorker(
                        directory: directory, pool: pool, channel: channel,
                        account: channel.account)),
                leftovers("signature"), leftovers("dead-letters"),
            ]
        case .callback:
            return [
                operations,
                loop(
                    CallbackWorker(
                        directory: directory, channel: try channel(),
                        latePayments: settings.latePayments)),
                leftovers("callback"), leftovers("dead-letters"),
            ]
        case .delivery:
            return try delivery()
        case .inquiry:
            return try inquiry()
        case .statements:
            let channel = try channel()
            let importer = StatementImport(
                outbox: transactions("statements"), channel: channel.name)
            return [
                operations,
                sweep(
                    StatementSweep(
                        channel: channel, importer: importer, pool: pool, clock: context.clock,
                        logger: context.logger)),
                leftovers("statements"),
            ]
        case .reconciliation:
            return [operations, loop(ReconciliationWorker()), leftovers("reconciliation")]
        case .settlement:
            let bank = try HTTPBankChannel(
                baseURL: settings.bankURL, secret: settings.bankSecret,
                httpClient: try requireClient())
            return [
                operations,
                loop(SettlementWorker()),
                sweep(
                    PayoutSweep(
                        bank: bank, sealer: context.sealer, outbox: transactions("payouts"),
                        clock: context.clock)),
                leftovers("settlement"), leftovers("payouts"),
            ]
        case .onboarding:
            return try onboarding()
        case .console:
            return try console(role)
        }
    }

    private func console(_ role: Role) throws -> [any Service] {
        try Console(
            role: context, pool: pool, differenceLimit: settings.differenceLimit,
            limits: settings.gateway.limits.connections
        ).services(
            host: settings.httpHost, port: port,
            servesOperations: settings.separateOperationsPort(of: role) == nil)
            + separateOperations(of: role)
    }

    private func separateOperations(of role: Role) -> [any Service] {
        settings.separateOperationsPort(of: role).map { [operations(port: $0)] } ?? []
    }

    private func inquiry() throws -> [any Service] {
        let outbox = transactions("inquiry")
        return [
            operations,
            sweep(
                InquirySweep(channel: try channel(), outbox: outbox, clock: context.clock)),
            sweep(
                RefundSweep(
                    channel: try channel(), outbox: outbox, clock: context.clock,
                    logger: context.logger)),
            sweep(
                RefundReportSweep(
                    channel: try channel(), outbox: outbox, clock: context.clock)),
            leftovers("inquiry"), UnresolvedAge(role: context, pool: pool),
        ]
    }

    private func onboarding() throws -> [any Service] {
        guard let channel = try channel() as? any OnboardingChannel else {
            throw SettingError(description: "the channel registers no merchants")
        }
        return [
            operations,
            loop(OnboardingWorker()),
            sweep(
                OnboardingSweep(
                    channel: channel, sealer: context.sealer,
                    outbox: transactions("onboarding-steps"), clock: context.clock,
                    logger: context.logger)),
            leftovers("onboarding"), leftovers("onboarding-steps"), leftovers(Applications.outbox),
        ]
    }

    private func delivery() throws -> [any Service] {
        let sender = try DeliverySender(
            timeLimit: .milliseconds(settings.deliveryTimeLimitMilliseconds),
            allowsPrivateAddresses: settings.allowsPrivateReceivers)
        return [
            operations,
            sweep(
                DeliverySweep(
                    pool: pool, directory: directory,
                    platformKeys: PlatformKeys(sealer: context.sealer), sender: sender,
                    clock: context.clock, logger: context.logger)),
        ]
    }

    private var directory: Directory { Directory(sealer: context.sealer) }

    private func channel() throws -> any PaymentChannel {
        try settings.channel.channel(client: client, logger: context.logger)
    }

    private func requireClient() throws -> HTTPClient {
        guard let client else {
            throw SettingError(
                description: "the role \(context.name) is composed without an HTTP client")
        }
        return client
    }

    private var operations: OperationsServer { operations(port: port) }

    private func operations(port: Int) -> OperationsServer {
        OperationsServer(
            context: context, host: settings.httpHost, port: port)
    }

    private func loop(_ worker: some Worker) -> any Service {
        BatchLoop(
            worker, role: context, pool: pool, producer: producer,
            limits: BatchLimits(poisonInARow: settings.poisonLimit))
    }

    private func sweep(_ sweep: some Sweep) -> any Service {
        SweepService(sweep, role: context, pool: pool)
    }

    private func transactions(_ worker: String) -> TransactionalOutbox {
        TransactionalOutbox(worker: worker, role: context, pool: pool, producer: producer)
    }

    private func leftovers(_ worker: String) -> any Service {
        OutboxRelay(worker: worker, role: context, pool: pool, producer: producer)
    }
}

/// Closes what the role's services share: it starts first, so it stops last.
private struct Closing: Service {
    let parts: Parts

    func run() async throws {
        try? await gracefulShutdown()
        await parts.producer.close()
        await parts.pool.close()
        try? await parts.client?.shutdown()
    }
}
