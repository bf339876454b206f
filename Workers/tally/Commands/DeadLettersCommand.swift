import ArgumentParser
import Foundation
import Logging
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally dead-letters`
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Sends back or gives up records that a worker could not process.",
        subcommands: [Replays.self, Discards.self])

    struct Replays: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay",
            abstract: "Send open letters back to their topics, oldest first.")
        @OptionGroup var global: GlobalOptions
        @Option(help: "Only letters of this reason; may be given several times.")
        var reason: [String] = []
        @Option(help: "At most so many.") var limit: Int32 = 1_000

        func run() async throws {
            let tools = try CommandTools(try await global.settings(), name: "dead-letters")
            try await Replay(outbox: tools.outbox).run(
                reasons: reason, limit: limit, actor: DeadLettersCommand.actor,
                now: SystemClock().now())
            await tools.close()
        }
    }

    struct Discards: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "discard", abstract: "Give open letters up.")
        @OptionGroup var global: GlobalOptions
        @Option(help: "Only letters of this reason; may be given several times.")
        var reason: [String] = []

        func run() async throws {
            let settings = try await global.settings()
            let connection = try await PostgresConnection.connect(
                try settings.requireDatabase(), applicationName: "tally-dead-letters",
                logger: Logger(label: "tally.dead-letters"))
            let now = SystemClock().now()
            let count = try await connection.transaction { transaction in
                let gone = try await transaction.run(
                    DiscardDeadLetters(
                        reasons: reason, actor: DeadLettersCommand.actor, now: now))
                for id in gone {
                    _ = try await transaction.run(
                        AddToAuditLog(
                            actor: DeadLettersCommand.actor, action: "dead_letter.discard",
                            subject: id.description, detail: "", now: now))
                }
                return gone.count
            }
            await connection.close()
            Terminal.line("discarded \(count)")
        }
    }

    static var actor: String { "cli:" + (ProcessInfo.processInfo.environment["USER"] ?? "unknown") }
}
