public import ArgumentParser
import Payments
import Postgres
public import Store
import WorkerRuntime

/// `tally parties`
struct PartiesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parties",
        abstract: "Lists, shows, adds, freezes and thaws agents and merchants.",
        discussion: "Each change is in the audit log, and takes effect on the next order.",
        subcommands: [
            PartyListing.self, PartyShow.self, PartyAdd.self, PartyCard.self, PartyFreeze.self,
            PartyThaw.self,
        ])

    /// Runs `body` in a transaction.
    static func transaction<Value: Sendable>(
        _ global: GlobalOptions, _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        try await CommandDatabase.transaction(
            try await global.settings(), name: "parties", body)
    }
}

/// `tally parties list`
struct PartyListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List parties by number, a page at a time.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "platform, agent or merchant.") var kind: PutParty.Kind?
    @Option(help: "Only those directly below this party.") var parent: String?
    @Option(help: "At most this many, up to 10,000.") var limit = 50
    @Option(help: "Start after this party: the last of the page before.") var after: String?

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit must be 1 to 10000")
        }
    }

    func run() async throws {
        // One more than is shown: whether there is another page.
        let found = try await PartiesCommand.transaction(global) { transaction in
            try await transaction.run(
                PartyList(
                    kind: kind, parentNo: parent, after: after ?? "", limit: limit + 1))
        }
        let shown = Array(found.prefix(limit))
        let next = found.count > limit ? shown.last?.partyNo : nil
        if output.json {
            return try Terminal.json(Page(parties: shown.map(PartyJSON.init), next: next))
        }
        guard !shown.isEmpty else { return Terminal.line("no parties match") }
        let table = TextTable(
            headings: ["PARTY", "KIND", "ABOVE IT", "STATUS", "NAME"],
            rows: shown.map { party in
                [
                    party.partyNo, party.kind.rawValue, party.parentNo ?? "-", party.standing,
                    PrintableBytes.escaped(party.name),
                ]
            })
        for line in table.lines { Terminal.line(line) }
        guard let next else { return }
        var words = ["tally", "parties", "list"]
        if let kind { words += ["--kind", kind.rawValue] }
        if let parent { words += ["--parent", parent] }
        if limit != 50 { words += ["--limit", String(limit)] }
        Terminal.line("more: \((words + ["--after", next]).joined(separator: " "))")
    }

    private struct Page: Encodable {
        let parties: [PartyJSON]
        let next: String?
    }
}

/// `tally parties show`
struct PartyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a party, the path above it, its rates and its keys.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String

    func run() async throws {
        let (party, path, rates, keys) = try await PartiesCommand.transaction(global) {
            transaction in
            (
                try await transaction.run(PartyList(partyNo: partyNo, limit: 1)).first,
                try await transaction.run(PathOfParty(partyNo)),
                try await transaction.run(RateHistory([partyNo])),
                try await transaction.run(KeyList(partyNo))
            )
        }
        guard let party else { throw CommandError("there is no party \(partyNo)") }
        if output.json {
            return try Terminal.json(
                Shown(
                    party: PartyJSON(party), path: path, rates: rates.map(RateJSON.init),
                    keys: keys.map(KeyJSON.init)))
        }
        Terminal.line("\(party.kind.rawValue) \(partyNo) \(PrintableBytes.escaped(party.name))")
        Terminal.line("status: \(party.standing)")
        Terminal.line("path: \(path.joined(separator: " below "))")
        Terminal.line("deliveries: \(party.callbackURL ?? "none")")
        for line in RateJSON.table(rates) + KeyJSON.table(keys) { Terminal.line(line) }
    }

    private struct Shown: Encodable {
        let party: PartyJSON
        let path: [String]
        let rates: [RateJSON]
        let keys: [KeyJSON]
    }
}

extension PutParty.Kind: ExpressibleByArgument {}
