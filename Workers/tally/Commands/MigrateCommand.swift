import ArgumentParser
import Composition
import Postgres
import Store

/// `tally migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings the database's schema up to date.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Print what would be applied, and apply nothing.") var dryRun = false

    func run() async throws {
        let settings = try await global.settings()
        let connection = try await CommandDatabase.connect(settings, name: "migrate")
        let migrator = try Migrator()
        let names =
            dryRun
            ? try await migrator.pending(on: connection).map(\.name)
            : try await migrator.migrate(connection)
        await connection.close()
        if output.json {
            try Terminal.json(["migrations": names])
        } else if names.isEmpty {
            Terminal.line("the schema is up to date")
        } else {
            for name in names { Terminal.line((dryRun ? "would apply " : "applied ") + name) }
        }
    }
}
