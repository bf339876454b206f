import AsyncHTTPClient
import Hummingbird
import Kafka
public import Logging
import NIOPosix
import Payments
public import WorkerRuntime

/// A simulated channel, bank, merchants, agents and payers. Never part of production.
public final class Simulator: Sendable {
    /// The configuration.
    public let config: SimulatorConfig
    /// The sample parties: platform, agents and merchants.
    public let parties: SampleParties
    /// The sample keys, as files.
    public let keys: SampleKeys
    /// The simulated channel.
    public let alipay: SimulatedAlipay
    /// The simulated bank.
    public let bank: SimulatedBank
    /// The systems of agents and merchants, which receive deliveries.
    public let receivers: Receivers

    private let submissions = SubmissionLog()
    private let clock: any BusinessClock
    private let client: HTTPClient
    private let signer: PartySigner
    private let logger: Logger

    /// Reads keys and parties from the folder, or creates them there.
    ///
    /// An existing `parties.json` is kept, whatever the seed.
    public init(
        config: SimulatorConfig, clock: any BusinessClock, logger: Logger
    ) async throws {
        self.config = config
        self.clock = clock
        self.logger = logger
        keys = try await SampleKeys.ensure(folder: config.folder)
        parties = try Self.parties(config)
        signer = try PartySigner(parties: parties, keys: keys)
        client = HTTPClient(
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
            configuration: Self.clientSettings)
        alipay = SimulatedAlipay(
            identity: config.identity,
            wire: try AlipayWire(identity: config.identity, keys: keys), clock: clock,
            rate: try Rate(ppm: config.channelRatePPM), baseURL: config.baseURL,
            notifier: AlipayNotifier(
                transport: HTTPNotificationTransport(client: client, logger: logger),
                clock: clock))
        bank = SimulatedBank(policy: BankPolicy(seed: config.seed), clock: clock)
        receivers = Receivers(seed: config.seed)
    }

    /// Serves until the task is cancelled or the process shuts down gracefully.
    /// - Parameter whenReady: called once the port is open.
    public func run(whenReady: @escaping @Sendable () async -> Void = {}) async throws {
        let router = Router()
        let pages = try CashierPages()
        AlipayRoutes(alipay: alipay, pages: pages).add(to: router)
        ChannelConsoleRoutes(alipay: alipay).add(to: router)
        BankRoutes(bank: bank, clock: clock, secret: config.bankSecret).add(to: router)
        ReceiverRoutes(receivers: receivers, signer: signer, hangTime: config.hangTime)
            .add(to: router)
        try StartPage(simulator: self).add(to: router)
        // The end of a day cancels the server while it waits; it logs that as an error.
        var quiet = logger
        quiet.logLevel = .critical
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(config.host, port: config.port),
                serverName: "tally-simulator"),
            onServerRunning: { _ in await whenReady() }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { try await self.work() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Closes the HTTP connections; nothing may be sent after it.
    public func shutdown() async throws { try await client.shutdown() }

    /// Makes the player of `plan`, which moves `clock`.
    /// - Parameters:
    ///   - publisher: publishes the records that bypass the gateway.
    ///   - quiescence: decides when a step is over.
    public func player(
        for plan: DayPlan, clock: PlayClock, publisher: any RecordPublisher,
        quiescence: any Quiescence, pace: DayPlayer.Pace = DayPlayer.Pace()
    ) -> DayPlayer {
        DayPlayer(
            plan: plan, pace: pace,
            player: actionPlayer(plan: plan, clock: clock, publisher: publisher), clock: clock,
            quiescence: quiescence, receivers: receivers, bank: bank, logger: logger)
    }

    /// The report of a played day at its end, with every violation of the channel's and the bank's
    /// rules; writes the oracle's files.
    public func conclude(_ player: DayPlayer) async throws -> PlayReport {
        try await writeOracle()
        var report = await player.report()
        for violation in await alipay.violations() { report.record("channel: " + violation) }
        for violation in await bank.violations() { report.record("bank: " + violation) }
        return report
    }

    /// Writes what an independent check of the platform's figures needs; see `OracleFiles`.
    public func writeOracle() async throws {
        try await OracleFiles(folder: config.folder + "/oracle").write(
            alipay: alipay, bank: bank, receivers: receivers, submissions: submissions,
            now: clock.now())
    }

    /// Merchants and payers that act at the clock's pace until cancelled.
    /// - Parameter ordersPerMinute: of real time.
    public func live(publisher: any RecordPublisher, ordersPerMinute: Int = 12) -> LivePlay {
        LivePlay(
            seed: config.seed, parties: parties, clock: clock,
            ordersPerMinute: ordersPerMinute, logger: logger
        ) { plan in self.actionPlayer(plan: plan, clock: self.clock, publisher: publisher) }
    }

    private func actionPlayer(
        plan: DayPlan, clock: any BusinessClock, publisher: any RecordPublisher
    ) -> ActionPlayer {
        ActionPlayer(
            seed: plan.seed, orders: plan.orders,
            gateway: GatewayClient(client: client, gatewayURL: config.gatewayURL),
            requests: MerchantRequests(
                parties: parties, signer: signer, receiversURL: config.baseURL),
            alipay: alipay, publisher: publisher, clock: clock, ledger: PlayLedger(),
            submissions: submissions)
    }

    /// Closes expired trades and sends due notifications, five times a second.
    private func work() async throws {
        while !Task.isCancelled {
            await alipay.work()
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private static func parties(_ config: SimulatorConfig) throws -> SampleParties {
        if let known = try? SampleParties.read(config.partiesFile) { return known }
        let parties = SampleParties.make(
            seed: config.seed, channelRatePPM: config.channelRatePPM)
        try parties.write(config.partiesFile)
        return parties
    }

    private static var clientSettings: HTTPClient.Configuration {
        var settings = HTTPClient.Configuration()
        settings.redirectConfiguration = .disallow
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        settings.timeout.connect = .seconds(5)
        return settings
    }
}
