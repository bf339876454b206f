import ArgumentParser
import Payments
import Postgres
import Store

/// `tally differences show`
struct DifferenceShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show both sides of a difference, the decision on it, and what can be decided.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The difference's number.") var id: Int64

    func run() async throws {
        let connection = try await CommandDatabase.connect(
            try await global.settings(), name: "differences")
        let found = try await connection.run(DifferenceByID(id)).first
        await connection.close()
        guard let found else { throw CommandError("there is no difference \(id)") }
        let shown = Shown(found)
        if output.json { return try Terminal.json(shown) }
        for line in shown.lines { Terminal.line(line) }
    }

    private struct Shown: Encodable {
        struct Decision: Encodable {
            let action: String
            let reason: String
            let comment: String
            let stakeFen: Int64
            let adjustmentFen: Int64
            let status: String
            let madeBy: String
            let decidedBy: String?
        }

        let id: Int64
        let kind: String
        let lineKind: String
        let channel: String
        let date: String
        let statementID: String
        let lineNo: Int32?
        let orderNo: String
        let refundNo: String?
        let platformAmountFen: Int64?
        let platformFeeFen: Int64?
        let channelAmountFen: Int64?
        let channelFeeFen: Int64?
        let status: String
        let resolution: String?
        let decision: Decision?
        /// What can be decided; none while a decision waits or holds.
        let actions: [String]

        init(_ row: DifferenceByID.Row) {
            let facts = row.facts
            id = row.id
            kind = facts.kind.rawValue
            lineKind = facts.isRefund ? "refund" : "trade"
            channel = row.channel
            date = row.day.description
            statementID = row.statementID
            lineNo = row.lineNo
            orderNo = row.orderNo
            refundNo = row.refundNo.isEmpty ? nil : row.refundNo
            platformAmountFen = facts.platformAmount?.fen
            platformFeeFen = facts.platformFee?.fen
            channelAmountFen = facts.channelAmount?.fen
            channelFeeFen = facts.channelFee?.fen
            status = row.status
            resolution = row.resolution
            decision = row.decision.map {
                Decision(
                    action: $0.action.rawValue, reason: $0.reason.rawValue, comment: $0.comment,
                    stakeFen: $0.stake.fen, adjustmentFen: $0.adjustment.fen,
                    status: $0.isApplied ? "applied" : "proposed", madeBy: $0.maker,
                    decidedBy: $0.checker)
            }
            actions =
                row.status == "resolved" || row.decision != nil ? [] : facts.actions.map(\.rawValue)
        }

        var lines: [String] {
            func side(_ amount: Int64?, _ fee: Int64?) -> String {
                guard let amount else { return "nothing" }
                return "\(Money(fen: amount).yuan) yuan, fee \(Money(fen: fee ?? 0).yuan)"
            }
            let place = lineNo.map { ", line \($0)" } ?? ""
            var lines = [
                "difference \(id): \(kind) of a \(lineKind), \(date), \(channel)",
                "order:      " + PrintableBytes.escaped(orderNo)
                    + (refundNo.map { ", refund " + PrintableBytes.escaped($0) } ?? ""),
                "statement:  \(statementID)\(place)",
                "here:       \(side(platformAmountFen, platformFeeFen))",
                "statement's: \(side(channelAmountFen, channelFeeFen))",
                "state:      \(resolution ?? status)",
            ]
            if let decision {
                let second = decision.decidedBy.map { ", approved by \($0)" } ?? ""
                lines.append(
                    "decision:   \(decision.action) by \(decision.madeBy)\(second) "
                        + "(\(decision.status)): \(decision.reason), books "
                        + "\(Money(fen: decision.adjustmentFen).yuan) yuan")
                if !decision.comment.isEmpty { lines.append("comment:    \(decision.comment)") }
                if decision.status == "proposed" {
                    lines.append("next:       tally differences approve \(id) or refuse \(id)")
                }
            }
            if !actions.isEmpty {
                lines.append(
                    "next:       tally differences resolve \(id) --action "
                        + actions.joined(separator: "|"))
            }
            return lines
        }
    }
}
