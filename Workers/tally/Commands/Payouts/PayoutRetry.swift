import ArgumentParser
import Composition
import Events
import Payments
import Postgres
import Settlement
import Store
import WorkerRuntime

/// `tally payouts retry`
struct PayoutRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Pay failed payouts again, each once, under a new number.",
        discussion: """
            Correct the cause first, for example the merchant's card. A payout whose outcome isn't \
            known is never paid again: the settlement role queries it at the bank. All of those \
            named are paid again, or none. Each is in the audit log.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Numbers of failed payouts.") var payoutNos: [String]
    @Option(help: "Why; stored in the audit log.") var because: String?
    @Flag(help: "Print what would be paid again, and change nothing.") var dryRun = false

    func validate() throws {
        guard Set(payoutNos).count == payoutNos.count else {
            throw ValidationError("a payout is named twice")
        }
    }

    func run() async throws {
        let tools = try await CommandTools(try await global.settings(), name: "payouts")
        let now = SystemClock().now()
        let reissues = payoutNos.map {
            PayoutReissue(
                $0, actor: DeadLettersCommand.actor, reason: because ?? "", now: now)
        }
        let made: [PayoutRequested]
        do {
            made = try await dryRun ? check(reissues, tools) : pay(reissues, tools)
        } catch let refusal as PayoutReissue.Refusal {
            _ = await tools.close()
            throw CommandError("\(refusal); nothing was paid again")
        } catch {
            _ = await tools.close()
            throw error
        }
        let isPublished = await tools.close()
        try report(made)
        guard isPublished || dryRun else {
            throw await tools.unpublished("the payouts", by: "settlement")
        }
    }

    private func check(
        _ reissues: [PayoutReissue], _ tools: CommandTools
    ) async throws -> [PayoutRequested] {
        try await tools.pool.transaction { transaction in
            var made: [PayoutRequested] = []
            for reissue in reissues { made.append(try await reissue.check(in: transaction)) }
            return made
        }
    }

    private func pay(
        _ reissues: [PayoutReissue], _ tools: CommandTools
    ) async throws -> [PayoutRequested] {
        try await tools.storing {
            try await tools.outbox.run { transaction in
                var made: [PayoutRequested] = []
                // In one order, so that two commands can't wait for each other's payouts.
                for reissue in reissues.sorted(by: { $0.payoutNo < $1.payoutNo }) {
                    made.append(try await reissue.run(in: transaction))
                }
                return (try made.map { try OutgoingEvent($0) }, made)
            }
        }
    }

    private func report(_ made: [PayoutRequested]) throws {
        if output.json {
            return try Terminal.json(
                Report(
                    dryRun: dryRun,
                    payouts: made.map { payout in
                        Report.Payout(
                            payoutNo: payout.payoutNo, merchantNo: payout.merchantNo,
                            amountFen: payout.amountFen.fen)
                    }))
        }
        for payout in made {
            let verb = dryRun ? "would be paid" : "is paid"
            Terminal.line(
                "\(payout.amountFen.yuan) yuan to \(payout.merchantNo) \(verb) again as "
                    + payout.payoutNo)
        }
    }

    private struct Report: Encodable {
        struct Payout: Encodable {
            let payoutNo: String
            let merchantNo: String
            let amountFen: Int64
        }

        let dryRun: Bool
        let payouts: [Payout]
    }
}
