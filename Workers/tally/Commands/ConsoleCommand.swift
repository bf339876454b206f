import ArgumentParser
import Composition

/// `tally console`
struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Serves the console: pages for the platform's, agents' and merchants' people.")
    @OptionGroup var options: RoleOptions
    func run() async throws { try await options.run(.console) }
}
