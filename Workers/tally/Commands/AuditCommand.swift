import ArgumentParser
import Composition
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Checks the invariants of the ledger; exit 1 and a line for each breach.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try await global.settings()
        let connection = try await CommandDatabase.connect(settings, name: "audit")
        let breaches = try await Audit.breaches(on: connection, now: SystemClock().now())
        await connection.close()
        if output.json {
            try Terminal.json(["breaches": breaches])
        } else if breaches.isEmpty {
            Terminal.line("ok")
        } else {
            for breach in breaches { Terminal.line(breach) }
        }
        if !breaches.isEmpty { throw ExitCode.failure }
    }
}
