import ArgumentParser
import Channels
import Composition
import Foundation
import Logging
import Payments
import Postgres
import Statements
import Store
import WorkerRuntime

/// `tally statements`
struct StatementsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statements", abstract: "Imports or fetches the channel's statements.",
        subcommands: [Import.self, Fetch.self])

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the statements role fetch a day's statement now.",
            discussion: """
                It does so by itself each morning. A file that is known changes nothing; a \
                corrected one is a new version, and the day is compared again.
                """)
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The channel's name; the configured one by default.") var channel: String?
        @Option(help: "The day, YYYY-MM-DD.") var date: String

        func validate() throws {
            guard BusinessDay(date) != nil else {
                throw ValidationError("--date must be YYYY-MM-DD")
            }
        }

        func run() async throws {
            let settings = try await global.settings()
            let name = settings.channel.statements.name
            guard channel == nil || channel == name else {
                throw ValidationError(
                    "channel '\(channel ?? "")' is not configured; '\(name)' is")
            }
            let now = SystemClock().now()
            guard let day = BusinessDay(date), day.end <= now else {
                throw CommandError("\(date) hasn't ended: the channel has no statement of it yet")
            }
            let connection = try await CommandDatabase.connect(settings, name: "statements")
            let request = RequestStatementFetch(
                channel: name, day: day, actor: DeadLettersCommand.actor, now: now)
            let isDue = try await !connection.run(request).isEmpty
            await connection.close()
            if output.json {
                return try Terminal.json(
                    ["channel": name, "date": date, "state": isDue ? "due" : "being fetched"])
            }
            Terminal.line(
                isDue
                    ? "the statements role fetches \(date) of \(name) now; "
                        + "tally reconcile show --date \(date) has the result"
                    : "\(date) of \(name) is being fetched already")
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a statement's file: CSV (GBK or UTF-8), XLSX, or the channel's zip.")
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The file.") var file: String
        @Option(help: "The channel's name; the configured one by default.") var channel: String?
        @Option(help: "The day, YYYY-MM-DD.") var date: String

        func validate() throws {
            _ = try day()
        }

        private func day() throws -> BusinessDay {
            guard let day = BusinessDay(date) else {
                throw ValidationError("--date must be YYYY-MM-DD")
            }
            return day
        }

        func run() async throws {
            let settings = try await global.settings()
            let reader = settings.channel.statements
            guard channel == nil || channel == reader.name else {
                throw ValidationError(
                    "channel '\(channel ?? "")' is not configured; '\(reader.name)' is")
            }
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            let statement = try reader.statement(in: bytes, of: try day())
            if !settings.channel.knowsBillAccount {
                try await Self.noteIfForeign(statement, of: reader.name, settings)
            }
            let tools = try await CommandTools(settings, name: "statements")
            let result = try await tools.storing {
                try await StatementImport(outbox: tools.outbox, channel: reader.name)
                    .run(statement, fileBytes: bytes, now: SystemClock().now())
            }
            let isPublished = await tools.close()
            switch result {
            case .imported(let id, let count):
                try report(id, count, "imported \(count) lines as statement \(id)")
            case .known(let id):
                try report(id, 0, "this file was imported before, as statement \(id)")
            }
            guard isPublished else {
                throw await tools.unpublished("its lines", by: "statements")
            }
        }

        /// Without the setting that names our account, our orders do: a bill of another account
        /// can't match any of them.
        private static func noteIfForeign(
            _ statement: Statement, of channel: String, _ settings: Settings
        ) async throws {
            let connection = try await CommandDatabase.connect(settings, name: "statements")
            let isOurs = try await connection.run(
                IsAccountOfOrders(channel: channel, account: statement.account)
            ).first
            await connection.close()
            guard isOurs == false else { return }
            Terminal.note(
                "the file is the bill of account \(statement.account), and no order is of that "
                    + "account: none of its lines can match. With TALLY_ALIPAY_SELLER_ID a bill "
                    + "of another account is refused")
        }

        private func report(_ id: String, _ count: Int, _ text: String) throws {
            if output.json {
                try Terminal.json(Report(statementID: id, imported: count))
            } else {
                Terminal.line(text)
            }
        }

        private struct Report: Encodable {
            let statementID: String
            let imported: Int
        }
    }
}
