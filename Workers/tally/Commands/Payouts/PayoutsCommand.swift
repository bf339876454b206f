import ArgumentParser
import Payments
import Postgres
import Store

/// `tally payouts`
struct PayoutsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payouts",
        abstract: "Lists and shows the payouts to merchants, or pays failed ones again.",
        subcommands: [PayoutList.self, PayoutShow.self, PayoutRetry.self])

    static func connect(_ global: GlobalOptions) async throws -> PostgresConnection {
        try await CommandDatabase.connect(try await global.settings(), name: "payouts")
    }
}

/// `tally payouts list`
struct PayoutList: AsyncParsableCommand {
    enum Status: String, ExpressibleByArgument, CaseIterable {
        case requested, processing, succeeded, failed
    }

    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List payouts, the newest day first, a page at a time.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "requested, processing, succeeded or failed.") var status: Status?
    @Option(help: "Only payouts to this merchant.") var merchant: String?
    @Option(help: "At most this many, up to 10,000.") var limit = 50
    @Option(help: "Start after this payout: the last of the page before.") var after: String?

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit must be 1 to 10000")
        }
    }

    func run() async throws {
        let connection = try await PayoutsCommand.connect(global)
        // One more than is shown: whether there is another page.
        let found = try await connection.run(
            PayoutPage(
                status: status?.rawValue, merchantNo: merchant, before: after, limit: limit + 1))
        await connection.close()
        let shown = Array(found.prefix(limit))
        let next = found.count > limit ? shown.last?.payoutNo : nil
        if output.json {
            return try Terminal.json(Page(payouts: shown.map(PayoutJSON.init), next: next))
        }
        guard !shown.isEmpty else { return Terminal.line("no payouts match") }
        var table = TextTable(headings: [
            "PAYOUT", "MERCHANT", "YUAN", "STATUS", "REQUESTED", "COMPLETED", "ATTEMPTS", "NOTE",
        ])
        table.rightAligned = [2, 6]
        for payout in shown {
            table.rows.append([
                payout.payoutNo, payout.merchantNo, payout.amount.yuan, payout.status,
                payout.requestedAt.shanghai, payout.completedAt?.shanghai ?? "-",
                String(payout.attempt), payout.note.cut(80),
            ])
        }
        for line in table.lines { Terminal.line(line) }
        guard let next else { return }
        var words = ["tally", "payouts", "list"]
        if let status { words += ["--status", status.rawValue] }
        if let merchant { words += ["--merchant", merchant] }
        if limit != 50 { words += ["--limit", String(limit)] }
        Terminal.line("more: \((words + ["--after", next]).joined(separator: " "))")
    }

    private struct Page: Encodable {
        let payouts: [PayoutJSON]
        let next: String?
    }
}
