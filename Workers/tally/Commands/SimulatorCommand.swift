import ArgumentParser
import Composition
import Kafka
import Logging
import Payments
import Sandbox
import ServiceLifecycle
import Simulator
import WorkerRuntime

/// `tally simulator`
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulator",
        abstract: "Simulates a channel, a bank, merchants and agents; never in production.")

    /// Its port unless `TALLY_HTTP_PORT` says otherwise.
    static let defaultPort = 8090

    @OptionGroup var global: GlobalOptions
    @Option(help: "The folder of the simulator's keys and parties.") var folder: String
    @Option(help: "The gateway's URL.") var gateway: String
    @Option(help: "The seed of what it does.") var seed: UInt64 = 1
    @Flag(help: "Leave the payers and merchants idle.") var noPlay = false
    @Option(help: ArgumentHelp("The clock file of a played day.", visibility: .hidden))
    var playClock: String?
    @Option(help: ArgumentHelp("Play this day and exit.", visibility: .hidden)) var playDay: String?
    @Option(help: ArgumentHelp("Orders of the played day.", visibility: .hidden)) var orders = 1_000
    @Option(help: ArgumentHelp("Mishaps of the played day.", visibility: .hidden)) var mishaps =
        DayMishaps.usual
    @Option(
        help: ArgumentHelp(
            "URLs of the roles to wait for, separated by commas.", visibility: .hidden)) var watch =
        ""

    func run() async throws {
        let settings = try await global.settings()
        var logger = Logger(label: "tally.simulator")
        logger.logLevel = settings.logLevel
        let config = SimulatorConfig(
            host: settings.httpHost, port: settings.httpPort ?? Self.defaultPort,
            gatewayURL: gateway,
            folder: folder, seed: seed, brokers: settings.kafka.brokers,
            kafkaOptions: settings.kafka.options, bankSecret: settings.bankSecret)
        if let playClock, let day = playDay.flatMap(BusinessDay.init) {
            try await play(day, playClock, config, settings, logger)
        } else {
            let live = LiveSimulator(
                config: config, settings: settings, isPlaying: !noPlay, logger: logger)
            try await RoleRunner.run([live], logger: logger)
        }
    }

    private func play(
        _ day: BusinessDay, _ playClock: String, _ config: SimulatorConfig, _ settings: Settings,
        _ logger: Logger
    ) async throws {
        _ = try await RoleClock.choose(
            playClock: playClock, databaseURL: try settings.requireDatabase(), logger: logger)
        let parties = try SampleParties.read(config.partiesFile)
        let report = try await DayPlayProcess(
            config: config, settings: settings, clock: try PlayClock(file: playClock),
            plan: DayPlan.make(
                seed: seed, submissions: orders, day: day, parties: parties, mishaps: mishaps),
            ends: ProducedEnds(), otherRoles: watch.split(separator: ",").map(String.init),
            logger: logger
        ).run()
        for line in report.unexpected { Terminal.note("unexpected: \(line)") }
        if !report.unexpected.isEmpty { throw ExitCode.failure }
    }
}
