public import ArgumentParser
public import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally rates`
struct RatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rates",
        abstract: "Lists and sets what each party is charged, and simulates a payment's shares.",
        discussion: """
            channel ≤ agent ≤ … ≤ merchant holds at every moment, on every path: a rate that would \
            break it is refused, with whoever stands in the way. The platform's own rate is what \
            the channel charges it.
            """,
        subcommands: [RateList.self, RateSet.self, RateSimulation.self])
}

/// `tally rates list`
struct RateList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the rates of a party, past, present and future.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String

    func run() async throws {
        let (path, rates) = try await PartiesCommand.transaction(global) { transaction in
            (
                try await transaction.run(PathOfParty(partyNo)),
                try await transaction.run(RateHistory([partyNo]))
            )
        }
        guard !path.isEmpty else { throw CommandError("there is no party \(partyNo)") }
        if output.json { return try Terminal.json(rates.map(RateJSON.init)) }
        guard !rates.isEmpty else { return Terminal.line("\(partyNo) has no rates") }
        for line in RateJSON.table(rates) { Terminal.line(line) }
    }
}

/// `tally rates set`
struct RateSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a party's rate for a product from a moment on.",
        discussion: "Orders that were accepted keep their rates.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String
    @Argument(help: "PC, WAP or APP.") var product: Product
    @Option(help: "Parts per million: 0.60 % is 6000.") var ppm: Int64
    @Option(
        help: ArgumentHelp(
            "From when on: 2026-12-01 (Beijing) or RFC 3339; now unless given.", valueName: "time"))
    var from: SinceTime?
    @Option(help: "Why; stored in the audit log.") var because: String?
    @Flag(help: "Check it, and change nothing.") var dryRun = false

    func validate() throws {
        guard (try? Rate(ppm: ppm)) != nil else {
            throw ValidationError("--ppm must be 0 to 1000000")
        }
    }

    private struct Undo: Error {}

    func run() async throws {
        let now = SystemClock().now()
        let from = from?.time(at: now) ?? now
        guard from >= now else {
            throw CommandError(
                "--from \(from.shanghai) is past: orders have been accepted at the old rate")
        }
        do {
            try await PartiesCommand.transaction(global) { try await set(from, now, in: $0) }
        } catch is Undo {}
        let shown = RateJSON(
            partyNo: partyNo, product: product, ratePPM: ppm, effectiveFrom: from)
        if output.json { return try Terminal.json(shown) }
        Terminal.line(
            "\(partyNo) \(dryRun ? "could be" : "is") charged \(try Rate(ppm: ppm).percent) for "
                + "\(product.rawValue) from \(from.shanghai) on")
    }

    private func set(
        _ from: Timestamp, _ now: Timestamp, in transaction: PostgresTransaction
    ) async throws {
        guard try await !transaction.run(PathOfParty(partyNo)).isEmpty else {
            throw CommandError("there is no party \(partyNo)")
        }
        let before = try await transaction.run(RateHistory([partyNo]))
            .last { $0.product == product && $0.effectiveFrom <= from }
        _ = try await transaction.run(
            PutRate(
                partyNo: partyNo, product: product, rate: try Rate(ppm: ppm),
                effectiveFrom: from))
        let conflicts = try await transaction.run(
            RateConflicts(partyNo: partyNo, product: product))
        guard conflicts.isEmpty else { throw CommandError(Self.text(conflicts, product)) }
        _ = try await transaction.run(
            AddAuditEntry(
                actor: DeadLettersCommand.actor, action: "rate.set", subject: partyNo,
                detail: "\(product.rawValue): \(before.map { "\($0.rate.ppm)" } ?? "none") to "
                    + "\(ppm) ppm from \(from.rfc3339)" + (because.map { "; \($0)" } ?? ""),
                now: now))
        if dryRun { throw Undo() }
    }

    /// Who stands in the way; nothing was changed.
    static func text(_ conflicts: [RateConflicts.Row], _ product: Product) -> String {
        let lines = conflicts.prefix(20).map { one in
            "from \(one.since.shanghai) on \(one.lowerNo) would be charged \(one.lowerPPM) ppm "
                + "for \(product.rawValue), less than the \(one.upperPPM) ppm of \(one.upperNo) "
                + "above it"
        }
        let more = conflicts.count > 20 ? ["and \(conflicts.count - 20) more"] : []
        return (lines + more + ["nothing was changed"]).joined(separator: "\n")
    }
}

extension Product: ExpressibleByArgument {}
