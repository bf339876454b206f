import ArgumentParser
import Composition
import Logging
import Sandbox
import WorkerRuntime

/// Options of every role.
struct RoleOptions: ParsableArguments {
    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "The clock file of a played day; refused unless the database was made for it.",
            visibility: .hidden))
    var playClock: String?

    @Option(
        help: ArgumentHelp(
            "Crash as by kill -9 when a step is reached for the n-th time (step:n); refused "
                + "unless the database is marked for fault tests.", visibility: .hidden))
    var crashAt: CrashPlan?

    func run(_ role: Role) async throws {
        let settings = try await Settings.load(file: global.config, role: role)
        var logger = Logger(label: "tally.\(role.rawValue)")
        logger.logLevel = settings.logLevel
        for address in settings.listeningAddresses(of: role) { try address.check() }
        let clock = try await RoleClock.choose(
            playClock: playClock, databaseURL: try settings.requireDatabase(), logger: logger)
        try await crashAt?.check(databaseURL: try settings.requireDatabase(), logger: logger)
        for missing in settings.missingChecks(of: role) { logger.warning("\(missing)") }
        let builder = RoleBuilder(
            settings: settings, clock: clock,
            idlePoll: playClock == nil ? .milliseconds(250) : .milliseconds(20),
            ends: ProducedEnds(), crashPoints: crashAt?.crashPoints ?? .unwatched)
        try await RoleRunner.run(
            try await builder.services(of: role, port: settings.port(of: role)), logger: logger)
    }
}

/// `tally gateway`
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Accepts orders, closes, refunds and the channel's notifications over HTTP.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.gateway) }
}

/// `tally worker <role>`
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Runs one worker in the foreground.",
        discussion: """
            signature       verifies submitted orders, accepts or rejects them
            callback        applies the channel's callbacks to orders
            delivery        notifies agents and merchants of changed orders
            inquiry         queries the channel about orders in progress; closes and refunds there
            statements      fetches and imports each day's statement
            reconciliation  compares statements with orders and refunds
            settlement      settles with merchants and pays them through the bank
            onboarding      registers merchants that were applied for at the channel
            """)

    @Argument(help: "The worker.") var role: Role
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(role) }
}

/// As an argument of `tally worker`: every role but the gateway and the console, which have
/// commands of their own.
extension Role: ExpressibleByArgument {
    init?(argument: String) {
        guard Self.allValueStrings.contains(argument) else { return nil }
        self.init(rawValue: argument)
    }

    static var allValueStrings: [String] { allCases.filter { !$0.servesPeople }.map(\.rawValue) }
}

/// As an argument: `step:n`.
extension CrashPlan: ExpressibleByArgument {}
