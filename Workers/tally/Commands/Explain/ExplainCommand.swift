import ArgumentParser
import Payments
import Postgres
import Sentences
import Store

/// `tally explain`
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains every fen of an order or a settlement: amount, rate and rounding.",
        discussion: """
            Of an order, who pays and who earns which part of its fee, and what each refund \
            reverses. Of a settlement, its own arithmetic and that of each order and refund in it. \
            Rates are those that were in force when the order was accepted.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var words: LanguageOptions
    @Argument(help: "The number of an order or a settlement.") var number: String
    @Option(help: "Of a settlement: at most this many orders and refunds, up to 10,000.")
    var items = 100

    func validate() throws {
        guard (0...10_000).contains(items) else {
            throw ValidationError("--items must be 0 to 10000")
        }
    }

    func run() async throws {
        let connection = try await CommandDatabase.connect(
            try await global.settings(), name: "explain")
        let settlement = try await connection.run(SettlementByID(number)).first
        let rows: [FeesOfOrders.Row]
        if settlement == nil {
            rows = try await connection.run(FeesOfOrders([number]))
        } else {
            let held = try await connection.run(SettlementItems(number, limit: items))
            let orderNos = Set(held.map(\.orderNo)).sorted()
            let found = Dictionary(
                uniqueKeysWithValues: try await connection.run(FeesOfOrders(orderNos)).map {
                    ([$0.orderNo, $0.refundNo], $0)
                })
            rows = held.compactMap { found[[$0.orderNo, $0.refundNo]] }
        }
        await connection.close()
        guard settlement != nil || !rows.isEmpty else {
            throw CommandError("there is no paid order and no settlement \(number)")
        }
        let explained = Explained(settlement, rows, FeeArithmetic(language: words.language))
        if output.json { return try Terminal.json(explained) }
        for line in explained.text(words.language) { Terminal.line(line) }
    }
}
