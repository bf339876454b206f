import Payments
import Sandbox
import Store

/// A played day's result for a reader.
struct DaySummaryPage {
    let summary: DaySummary

    var lines: [String] {
        ["", "THE DAY'S MONEY (CNY)"] + money.lines + [""] + payouts
            + ["", "WHAT WENT WRONG ON PURPOSE"] + faults.lines + [""]
            + ends("DEAD LETTERS", summary.deadLetters).lines + [""]
            + ends("DIFFERENCES", summary.differences).lines + [""]
    }

    private var money: TextTable {
        var table = TextTable(
            headings: ["", "PAYMENTS", "REFUNDS", "NET"], rightAligned: [1, 2, 3])
        for row in summary.money { table.rows.append(Self.cells(Self.title(row), row)) }
        if let gross = row("gross"), let fee = row("merchant_fee") {
            let merchants = DayMoney.Row(
                kind: "merchants", paid: gross.paid - fee.paid,
                refunded: gross.refunded - fee.refunded)
            table.rows.append(Self.cells("net of the merchants", merchants))
        }
        return table
    }

    private func row(_ kind: String) -> DayMoney.Row? { summary.money.first { $0.kind == kind } }

    private static func cells(_ title: String, _ row: DayMoney.Row) -> [String] {
        [title, row.paid.grouped, (-row.refunded).grouped, (row.paid - row.refunded).grouped]
    }

    private static func title(_ row: DayMoney.Row) -> String {
        switch row.kind {
        case "gross": "gross"
        case "merchant_fee": "fee of the merchants"
        case "channel_fee": "  channel"
        case "platform_share": "  platform"
        default: "  agent \(row.partyNo) \(row.name)"
        }
    }

    private var payouts: [String] {
        let payouts = summary.payouts
        var lines = [
            "settled        \(payouts.net.grouped) in \(payouts.settlements.grouped) settlements",
            "paid out       \(payouts.paidOutAmount.grouped) in \(payouts.paidOut.grouped) payouts",
        ]
        if payouts.unpaid > 0 {
            lines.append("not paid out   \(payouts.unpaid.grouped) payouts")
        }
        if payouts.unsettled > 0 {
            lines.append(
                "not settled    \(payouts.unsettledAmount.grouped) in "
                    + "\(payouts.unsettled.grouped) orders: not on this day's statement")
        }
        return lines
    }

    private var faults: TextTable {
        TextTable(
            headings: ["FAULT".padding(Self.faultWidth), "COUNT", "HOW IT ENDED"],
            rightAligned: [1],
            rows: summary.outcomes.flatMap { outcome in
                // One state a line; the fault is named on the first.
                outcome.ends.enumerated().map { index, end in
                    index == 0
                        ? [outcome.fault, outcome.count.grouped, end] : ["", "", end]
                }
            })
    }

    private func ends(_ heading: String, _ rows: [OutcomeCounts.Row]) -> TextTable {
        TextTable(
            headings: [heading.padding(Self.faultWidth), "COUNT", "STATE"], rightAligned: [1],
            rows: rows.isEmpty
                ? [["none", "0", "-"]] : rows.map { [$0.kind, $0.count.grouped, $0.status] })
    }

    // The three tables' columns are below each other.
    private static let faultWidth =
        FaultCase.allCases.map(\.rawValue.displayWidth).max() ?? 0
}
