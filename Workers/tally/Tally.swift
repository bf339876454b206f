import ArgumentParser
import Composition
import Foundation
import Logging

/// Runs the command; exit 2 for usage, 1 for failure.
@main
enum Main {
    static func main() async {
        Allocator.returnMemoryInBackground()
        LoggingSystem.bootstrap { ScreenLogHandler(label: $0) }
        do {
            var command = try Tally.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard Tally.exitCode(for: error) == .validationFailure else {
                Tally.exit(withError: error)
            }
            Terminal.note(Tally.fullMessage(for: error))
            Foundation.exit(2)
        }
    }
}

/// The one executable: `tally <role>` and the operators' commands.
struct Tally: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tally",
        abstract: "Runs a payment channel business.",
        discussion: """
            Settings come from TALLY_… environment variables over the YAML file of --config; see \
            docs/operations.md.
            """,
        version: "0.1.0",
        subcommands: [
            UpCommand.self, DemoCommand.self, GatewayCommand.self, WorkerCommand.self,
            ConsoleCommand.self, UsersCommand.self, SimulatorCommand.self, MigrateCommand.self,
            TopicsCommand.self, OrdersCommand.self, StatementsCommand.self, ReconcileCommand.self,
            DifferencesCommand.self,
            ReportCommand.self, ExplainCommand.self, SettlementsCommand.self, PayoutsCommand.self,
            PartiesCommand.self,
            RatesCommand.self, KeysCommand.self,
            DeliveriesCommand.self, ApplicationsCommand.self, DeadLettersCommand.self,
            LagCommand.self,
            NotificationsCommand.self, AuditCommand.self, SampleOrderCommand.self,
        ])
}
