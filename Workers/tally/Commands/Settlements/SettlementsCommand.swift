import ArgumentParser
import Payments
import Postgres
import Store

/// `tally settlements`
struct SettlementsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settlements",
        abstract: "Lists and shows what merchants are owed, and how it was computed.",
        subcommands: [SettlementList.self, SettlementShow.self])

    static func connect(_ global: GlobalOptions) async throws -> PostgresConnection {
        try await CommandDatabase.connect(try await global.settings(), name: "settlements")
    }
}

/// `tally settlements list`
struct SettlementList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List settlements, the newest day first, a page at a time.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Only those of this day, YYYY-MM-DD.") var date: String?
    @Option(help: "Only those of this merchant.") var merchant: String?
    @Option(help: "At most this many, up to 10,000.") var limit = 50
    @Option(help: "Start after this settlement: the last of the page before.") var after: String?

    func validate() throws {
        guard date.map({ BusinessDay($0) != nil }) ?? true else {
            throw ValidationError("--date must be YYYY-MM-DD")
        }
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit must be 1 to 10000")
        }
    }

    func run() async throws {
        let connection = try await SettlementsCommand.connect(global)
        // One more than is shown: whether there is another page.
        let found = try await connection.run(
            SettlementPage(
                day: date.flatMap(BusinessDay.init), merchantNo: merchant, before: after,
                limit: limit + 1))
        await connection.close()
        let shown = Array(found.prefix(limit))
        let next = found.count > limit ? shown.last?.settlementID : nil
        if output.json {
            return try Terminal.json(Page(settlements: shown.map(SettlementJSON.init), next: next))
        }
        guard !shown.isEmpty else { return Terminal.line("no settlements match") }
        var table = TextTable(headings: [
            "SETTLEMENT", "MERCHANT", "DAY", "ORDERS", "GROSS", "REFUNDS", "REFUNDED", "FEE",
            "CARRIED IN", "NET",
        ])
        table.rightAligned = [3, 4, 5, 6, 7, 8, 9]
        for one in shown {
            table.rows.append([
                one.settlementID, one.merchantNo, one.day, String(one.orders), one.gross.yuan,
                String(one.refunds), one.refunded.yuan, one.merchantFee.yuan, one.carriedIn.yuan,
                one.net.yuan,
            ])
        }
        for line in table.lines { Terminal.line(line) }
        guard let next else { return }
        var words = ["tally", "settlements", "list"]
        if let date { words += ["--date", date] }
        if let merchant { words += ["--merchant", merchant] }
        if limit != 50 { words += ["--limit", String(limit)] }
        Terminal.line("more: \((words + ["--after", next]).joined(separator: " "))")
    }

    private struct Page: Encodable {
        let settlements: [SettlementJSON]
        let next: String?
    }
}

/// A settlement as JSON.
struct SettlementJSON: Encodable {
    let settlementID: String
    let reconciliationID: String
    let merchantNo: String
    let date: String
    let orders: Int32
    let refunds: Int32
    let grossFen: Int64
    let refundedFen: Int64
    let merchantFeeFen: Int64
    let channelFeeFen: Int64
    let agentShareFen: Int64
    let platformShareFen: Int64
    let carriedInFen: Int64
    let netFen: Int64
    let carriedTo: String?
    let settledAt: String

    init(_ one: SettlementLine) {
        settlementID = one.settlementID
        reconciliationID = one.reconciliationID
        merchantNo = one.merchantNo
        date = one.day
        orders = one.orders
        refunds = one.refunds
        grossFen = one.gross.fen
        refundedFen = one.refunded.fen
        merchantFeeFen = one.merchantFee.fen
        channelFeeFen = one.channelFee.fen
        agentShareFen = one.agentShare.fen
        platformShareFen = one.platformShare.fen
        carriedInFen = one.carriedIn.fen
        netFen = one.net.fen
        carriedTo = one.carriedTo
        settledAt = one.settledAt.rfc3339
    }
}
