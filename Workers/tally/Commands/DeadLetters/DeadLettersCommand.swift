import ArgumentParser
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

    /// Who it is, for the audit log.
    static var actor: String { "cli:" + (ProcessInfo.processInfo.environment["USER"] ?? "unknown") }

    static func connect(_ global: GlobalOptions) async throws -> PostgresConnection {
        try await PostgresConnection.connect(
            try await global.settings().requireDatabase(), applicationName: "tally-dead-letters",
            logger: Logger(label: "tally.dead-letters"))
    }
}
