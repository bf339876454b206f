import ArgumentParser

/// The one executable: `tally <role>` and the operators' commands.
@main
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
            SimulatorCommand.self, MigrateCommand.self, TopicsCommand.self, OrdersCommand.self,
            StatementsCommand.self, ReconcileCommand.self, DeadLettersCommand.self,
            LagCommand.self, AuditCommand.self,
        ])
}
