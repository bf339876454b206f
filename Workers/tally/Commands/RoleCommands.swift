import ArgumentParser
import Logging
import WorkerRuntime

/// What every role takes.
struct RoleOptions: ParsableArguments {
    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "The clock file of a played day; refused unless the database was made for it.",
            visibility: .hidden))
    var playClock: String?

    func run(_ role: Role) async throws {
        let settings = try await global.settings()
        var logger = Logger(label: "tally.\(role.rawValue)")
        logger.logLevel = settings.logLevel
        let clock = try await RoleClock.choose(
            playClock: playClock, databaseURL: try settings.requireDatabase(), logger: logger)
        let builder = RoleBuilder(
            settings: settings, clock: clock,
            idlePoll: playClock == nil ? .milliseconds(250) : .milliseconds(20),
            ends: ProducedEnds())
        try await RoleRunner.run(
            try builder.services(of: role, port: settings.httpPort), logger: logger)
    }
}

/// `tally gateway`
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Takes orders, closes, refunds and the channel's notifications over HTTP.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.gateway) }
}

/// `tally worker <role>`
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Runs one worker in the foreground.",
        subcommands: [
            SignatureCommand.self, CallbackCommand.self, InquiryCommand.self,
            StatementsWorkerCommand.self, ReconciliationCommand.self, SettlementCommand.self,
        ])
}

struct SignatureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signature", abstract: "Checks submitted orders and decides on them.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.signature) }
}

struct CallbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callback",
        abstract: "Applies the channel's callbacks, and tells agents and merchants.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.callback) }
}

struct InquiryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquiry",
        abstract: "Asks the channel about orders in progress; closes and refunds there.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.inquiry) }
}

struct StatementsWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statements", abstract: "Fetches and imports each day's statement.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.statements) }
}

struct ReconciliationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconciliation", abstract: "Compares statements with the orders.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.reconciliation) }
}

struct SettlementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settlement", abstract: "Settles merchants' money and has the bank pay it.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.settlement) }
}
