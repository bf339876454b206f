import ArgumentParser
import Payments
import Postgres
import Store

/// `tally settlements show`
struct SettlementShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a settlement: its arithmetic, its payouts, and its orders and refunds.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The settlement's number.") var settlementID: String
    @Option(help: "At most this many orders and refunds, up to 100,000.") var items = 1_000

    func validate() throws {
        guard (0...100_000).contains(items) else {
            throw ValidationError("--items must be 0 to 100000")
        }
    }

    func run() async throws {
        let connection = try await SettlementsCommand.connect(global)
        let found = try await connection.run(SettlementByID(settlementID)).first
        let payouts = try await connection.run(PayoutsOfSettlements([settlementID]))
        let rows = try await connection.run(SettlementItems(settlementID, limit: items))
        await connection.close()
        guard let found else { throw CommandError("there is no settlement \(settlementID)") }
        if output.json { return try Terminal.json(Shown(found, payouts, rows)) }
        for line in Self.lines(found) + payouts.map(Self.line) { Terminal.line(line) }
        show(rows, of: found)
    }

    /// The arithmetic, a line each.
    static func lines(_ one: SettlementLine) -> [String] {
        var table = TextTable(headings: [one.settlementID, "\(one.merchantNo), \(one.day)"])
        table.rightAligned = [1]
        table.rows = [
            ["\(one.orders) orders", one.gross.yuan],
            ["\(one.refunds) refunds", "-\(one.refunded.yuan)"],
            ["merchant's fee", (-one.merchantFee).yuan],
            ["carried in", one.carriedIn.yuan],
            ["net", one.net.yuan],
            ["of the fee: the channel", one.channelFee.yuan],
            ["of the fee: agents", one.agentShare.yuan],
            ["of the fee: the platform", one.platformShare.yuan],
        ]
        let carried = one.carriedTo.map { ["the negative net is carried into \($0)"] }
        return table.lines + (carried ?? [])
    }

    private static func line(_ payout: PayoutLine) -> String {
        let note = payout.note.isEmpty ? "" : ": \(payout.note)"
        return "payout \(payout.payoutNo) of \(payout.amount.yuan): \(payout.status)\(note)"
    }

    private func show(_ rows: [SettlementItems.Row], of one: SettlementLine) {
        guard !rows.isEmpty else { return }
        var table = TextTable(headings: [
            "ORDER", "REFUND", "AMOUNT", "FEE", "CHANNEL", "AGENTS", "PLATFORM",
        ])
        table.rightAligned = [2, 3, 4, 5, 6]
        for row in rows {
            table.rows.append([
                row.orderNo, row.refundNo.isEmpty ? "-" : row.refundNo, row.amount.yuan,
                row.merchantFee.yuan, row.channelFee.yuan,
                row.agentShares.isEmpty
                    ? "-" : row.agentShares.map(\.yuan).joined(separator: " + "),
                row.platformShare.yuan,
            ])
        }
        for line in table.lines { Terminal.line(line) }
        let all = Int(one.orders) + Int(one.refunds)
        if rows.count < all { Terminal.line("\(rows.count) of \(all); --items shows more") }
    }

    private struct Shown: Encodable {
        struct Item: Encodable {
            let orderNo: String
            let refundNo: String?
            let amountFen: Int64
            let merchantFeeFen: Int64
            let channelFeeFen: Int64
            let agentSharesFen: [Int64]
            let platformShareFen: Int64
        }

        let settlement: SettlementJSON
        let payouts: [PayoutJSON]
        let items: [Item]

        init(
            _ one: SettlementLine, _ payouts: [PayoutLine], _ rows: [SettlementItems.Row]
        ) {
            settlement = SettlementJSON(one)
            self.payouts = payouts.map(PayoutJSON.init)
            items = rows.map { row in
                Item(
                    orderNo: row.orderNo, refundNo: row.refundNo.isEmpty ? nil : row.refundNo,
                    amountFen: row.amount.fen, merchantFeeFen: row.merchantFee.fen,
                    channelFeeFen: row.channelFee.fen,
                    agentSharesFen: row.agentShares.map(\.fen),
                    platformShareFen: row.platformShare.fen)
            }
        }
    }
}
