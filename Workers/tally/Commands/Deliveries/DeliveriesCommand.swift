public import ArgumentParser
import Composition
import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally deliveries`
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Lists and shows the deliveries to agents and merchants, or sends them again.",
        subcommands: [DeliveryList.self, DeliveryShow.self, DeliveryResend.self])

    static func connect(_ global: GlobalOptions) async throws -> PostgresConnection {
        try await CommandDatabase.connect(try await global.settings(), name: "deliveries")
    }
}

/// Filters of the deliveries that a command lists or sends again.
struct DeliveryOptions: ParsableArguments {
    @Option(help: "Only deliveries of this order (the platform's number).") var order: String?
    @Option(help: "Only deliveries to this party.") var party: String?
    @Option(help: "pending, acknowledged or exhausted.") var status: DeliveryFilter.Status?
    @Option(
        help: ArgumentHelp(
            "Only deliveries made since: 30m, 12h, 7d, 2026-11-23 (Beijing), or RFC 3339.",
            valueName: "time"))
    var since: SinceTime?
    @Option(help: ArgumentHelp("Only deliveries made before that time.", valueName: "time"))
    var until: SinceTime?

    func filter(at now: Timestamp) -> DeliveryFilter {
        DeliveryFilter(
            orderNo: order, partyNo: party, status: status, since: since?.time(at: now),
            until: until?.time(at: now))
    }

    /// The filters as command line arguments.
    var arguments: [String] {
        var words: [String] = []
        if let order { words += ["--order", order] }
        if let party { words += ["--party", party] }
        if let status { words += ["--status", status.rawValue] }
        if let since { words += ["--since", since.text] }
        if let until { words += ["--until", until.text] }
        return words
    }
}

extension DeliveryFilter.Status: ExpressibleByArgument {}

/// A delivery's id, a UUID.
struct DeliveryID: ExpressibleByArgument {
    let id: EventID

    init?(argument: String) {
        guard let id = EventID(argument.lowercased()) else { return nil }
        self.id = id
    }
}
