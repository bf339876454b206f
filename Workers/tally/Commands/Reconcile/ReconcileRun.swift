import ArgumentParser
import Composition
import Events
import Payments
import Postgres
import Reconciliation
import Store
import WorkerRuntime

/// `tally reconcile run`
struct ReconcileRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Compare a day's statements again with what became known since.",
        discussion: """
            Orders and refunds that came late, what inquiries found and what people accepted is \
            matched, and then settled. Where nothing is new, nothing changes. The reconciliation \
            role compares each new statement by itself.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The day, YYYY-MM-DD.") var date: String

    func validate() throws {
        guard BusinessDay(date) != nil else {
            throw ValidationError("--date must be YYYY-MM-DD")
        }
    }

    func run() async throws {
        guard let day = BusinessDay(date) else { throw ExitCode.failure }
        let tools = try await CommandTools(try await global.settings(), name: "reconciliation")
        let run = ReconciliationRun(day: day, now: SystemClock().now())
        let outcomes: [ReconciliationRun.Outcome]
        do {
            outcomes = try await tools.storing {
                try await tools.outbox.run { transaction in
                    let outcomes = try await run.run(in: transaction)
                    return (
                        try outcomes.compactMap(\.reconciliation).map { try OutgoingEvent($0) },
                        outcomes
                    )
                }
            }
        } catch {
            _ = await tools.close()
            throw error
        }
        let isPublished = await tools.close()
        guard !outcomes.isEmpty else {
            throw CommandError(
                "there is no complete statement of \(day): import its file, or have it fetched "
                    + "with tally statements fetch --date \(day)")
        }
        try report(outcomes)
        guard isPublished else {
            throw await tools.unpublished("the reconciliations", by: "reconciliation")
        }
    }

    private func report(_ outcomes: [ReconciliationRun.Outcome]) throws {
        if output.json {
            return try Terminal.json(
                Report(
                    statements: outcomes.map { one in
                        Report.Statement(
                            statementID: one.statementID,
                            reconciliationID: one.reconciliation?.reconciliationID,
                            matched: one.reconciliation?.matched ?? 0,
                            platformOnly: one.reconciliation?.platformOnly ?? 0,
                            beingSettled: one.unsettled)
                    }))
        }
        for one in outcomes {
            guard let new = one.reconciliation else {
                Terminal.line("\(one.statementID): nothing new")
                continue
            }
            Terminal.line(
                "\(one.statementID): \(new.matched) newly matched, \(new.platformOnly) newly "
                    + "missing in the statement; \(one.unsettled) orders and refunds are now "
                    + "being settled")
        }
    }

    private struct Report: Encodable {
        struct Statement: Encodable {
            let statementID: String
            let reconciliationID: String?
            let matched: Int
            let platformOnly: Int
            let beingSettled: Int64
        }

        let statements: [Statement]
    }
}
