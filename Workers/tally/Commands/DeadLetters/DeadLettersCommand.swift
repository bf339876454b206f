import ArgumentParser
import Composition
import Foundation
import Logging
import Postgres

/// `tally dead-letters`
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Lists, shows, sends back or gives up records that a worker could not process.",
        subcommands: [
            DeadLetterList.self, DeadLetterShow.self, DeadLetterReplay.self,
            DeadLetterDiscard.self,
        ])

    /// Who it is, for the audit log: behind sudo, who called it.
    static var actor: String {
        let environment = ProcessInfo.processInfo.environment
        return "cli:" + (environment["SUDO_USER"] ?? environment["USER"] ?? NSUserName())
    }

    static func connect(_ global: GlobalOptions) async throws -> PostgresConnection {
        try await PostgresConnection.connect(
            try await global.settings().requireDatabase(), applicationName: "tally-dead-letters",
            logger: Logger(label: "tally.dead-letters"))
    }
}
