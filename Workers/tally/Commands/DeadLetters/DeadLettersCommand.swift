import ArgumentParser
import Composition
import Foundation
import Postgres

/// `tally dead-letters`
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Lists, shows, replays or discards records that a worker could not process.",
        discussion: "release ends the pause of a partition that had too many of them in a row.",
        subcommands: [
            DeadLetterList.self, DeadLetterShow.self, DeadLetterReplay.self,
            DeadLetterDiscard.self, PartitionRelease.self,
        ])

    /// Who runs the command, for the audit log: under sudo the user who called it.
    static var actor: String {
        let environment = ProcessInfo.processInfo.environment
        return "cli:" + (environment["SUDO_USER"] ?? environment["USER"] ?? NSUserName())
    }

    static func connect(_ global: GlobalOptions) async throws -> PostgresConnection {
        try await CommandDatabase.connect(try await global.settings(), name: "dead-letters")
    }
}
