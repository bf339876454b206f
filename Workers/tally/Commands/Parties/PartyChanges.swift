import ArgumentParser
import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally parties add`
struct PartyAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add an agent or a merchant below another party; once, the platform.",
        discussion: """
            Its number is never reused. A merchant takes orders once each party on its path has a \
            rate for a product (tally rates set), and it has a key (tally keys add). \
            docs/how-to/first-merchant.md goes through it all.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The new number: 1 to 64 of A-Z, a-z, 0-9, '_', '-' and '.'.")
    var partyNo: String
    @Option(help: "platform, agent or merchant.") var kind: PutParty.Kind
    @Option(help: "The party above it: the platform or an agent; none for the platform.")
    var parent: String?
    @Option(help: "Its name, up to 128 characters.") var name: String
    @Option(help: "Where its deliveries go.") var callbackURL: String?
    @Flag(help: "Its orders must carry the signatures of its agents.") var agentsSign = false

    func validate() throws {
        guard (kind == .platform) == (parent == nil) else {
            throw ValidationError("an agent or a merchant has a --parent, the platform has none")
        }
        guard RequestReader.isName(partyNo) else {
            throw ValidationError(
                "a party's number is 1 to 64 of A-Z, a-z, 0-9, '_', '-' and '.'")
        }
        let isText = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard (1...128).contains(name.count), isText else {
            throw ValidationError("--name must be 1 to 128 characters without control characters")
        }
        if let callbackURL {
            guard callbackURL.utf8.count <= 2_048,
                ["http://", "https://"].contains(where: callbackURL.lowercased().hasPrefix)
            else { throw ValidationError("--callback-url must be an http or https address") }
        }
    }

    func run() async throws {
        let party = PutParty(
            partyNo: partyNo, kind: kind, parentNo: parent, name: name, callbackURL: callbackURL,
            requiresAgentSignatures: agentsSign)
        let now = SystemClock().now()
        let added = try await PartiesCommand.transaction(global) { transaction in
            if try await transaction.run(
                AddParty(party, actor: DeadLettersCommand.actor, now: now)
            ).first == nil {
                return false
            }
            return true
        }
        guard added else { throw CommandError(try await refusal()) }
        if output.json { return try Terminal.json(["party_no": partyNo]) }
        let place = parent.map { " below \($0)" } ?? ""
        Terminal.line("\(kind.rawValue) \(partyNo) is added\(place)")
        let keys = kind == .merchant ? ", and tally keys add \(partyNo)" : ""
        Terminal.line("next: tally rates set \(partyNo) PC --ppm N\(keys)")
    }

    private func refusal() async throws -> String {
        let (own, above) = try await PartiesCommand.transaction(global) { transaction in
            (
                try await transaction.run(PartyList(partyNo: partyNo, limit: 1)).first,
                try await transaction.run(
                    parent.map { PartyList(partyNo: $0, limit: 1) }
                        ?? PartyList(kind: .platform, limit: 1)
                ).first
            )
        }
        if let own {
            return "\(partyNo) is \(own.kind.rawValue) \(own.name): a number isn't reused"
        }
        guard let above else { return "there is no party \(parent ?? "")" }
        return parent == nil
            ? "\(above.partyNo) is the platform, and there is one"
            : "\(above.partyNo) is a \(above.kind.rawValue), \(above.status): nobody can be "
                + "below it"
    }
}

/// `tally parties freeze`
struct PartyFreeze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze",
        abstract: "Refuse the orders of a party and of all below it, from the next one on.",
        discussion: """
            Payments, refunds and settlements of orders that were accepted go on. What is frozen \
            can still query its orders.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String
    @Option(help: "Why; stored in the audit log.") var because: String?

    func run() async throws {
        try await PartyStatusChange(partyNo: partyNo, isFrozen: true, because: because)
            .run(global, output)
    }
}

/// `tally parties thaw`
struct PartyThaw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thaw",
        abstract: "Take the orders of a frozen party again, and of all below it that aren't frozen."
    )
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String
    @Option(help: "Why; stored in the audit log.") var because: String?

    func run() async throws {
        try await PartyStatusChange(partyNo: partyNo, isFrozen: false, because: because)
            .run(global, output)
    }
}

private struct PartyStatusChange: Sendable {
    let partyNo: String
    let isFrozen: Bool
    let because: String?

    func run(_ global: GlobalOptions, _ output: OutputOptions) async throws {
        let statement = SetPartyStatus(
            partyNo: partyNo, isFrozen: isFrozen, actor: DeadLettersCommand.actor,
            reason: because ?? "", now: SystemClock().now())
        let (changed, party) = try await PartiesCommand.transaction(global) { transaction in
            (
                try await !transaction.run(statement).isEmpty,
                try await transaction.run(PartyList(partyNo: partyNo, limit: 1)).first
            )
        }
        guard let party else { throw CommandError("there is no party \(partyNo)") }
        guard changed || party.status != "closed" else {
            throw CommandError("\(partyNo) is closed: nothing was changed")
        }
        if output.json { return try Terminal.json(PartyJSON(party)) }
        Terminal.line("\(partyNo) is \(party.standing)\(changed ? "" : " already")")
    }
}
