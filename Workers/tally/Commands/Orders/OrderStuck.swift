import ArgumentParser
import Payments
import Postgres
import Sentences
import Store
import WorkerRuntime

/// `tally orders stuck`
struct OrderStuck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stuck",
        abstract: "Orders and refunds in progress past their time, why, and what happens next.",
        discussion: """
            An order is stuck where its payment time ended, or its inquiry was due, more than \
            --minutes ago and the channel has given no final answer. A refund is stuck where its \
            outcome isn't known after that time.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var words: LanguageOptions
    @Option(help: "How many minutes past its time something is stuck.") var minutes = 15
    @Option(help: "At most this many of each, up to 10,000.") var limit = 100

    func validate() throws {
        guard (0...1_000_000).contains(minutes) else {
            throw ValidationError("--minutes must be 0 to 1000000")
        }
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit must be 1 to 10000")
        }
    }

    func run() async throws {
        let connection = try await CommandDatabase.connect(
            try await global.settings(), name: "orders")
        let now = SystemClock().now()
        let bound = now.adding(seconds: -Int64(minutes) * 60)
        let page = StuckPage(
            orders: try await connection.run(StuckOrders(overdueBefore: bound, limit: limit)),
            refunds: try await connection.run(StuckRefunds(overdueBefore: bound, limit: limit)),
            now: now, limit: limit, language: words.language)
        await connection.close()
        if output.json {
            try Terminal.json(page.json)
        } else {
            for line in page.lines { Terminal.line(line) }
        }
    }
}
