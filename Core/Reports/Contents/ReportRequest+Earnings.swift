import Payments
import Sentences
import Store

extension ReportRequest {
    /// Turnover by day and product, with who earns which part of the fees.
    var daily: Report {
        let say = language
        let table = ReportTable(
            name: "days", title: say("Turnover", "交易汇总"),
            columns: [
                .text(say("Day", "日期"), width: 11), .text(say("Product", "支付产品"), width: 9),
                .count(say("Orders", "支付笔数")), .money(say("Gross", "支付金额")),
                .count(say("Refunds", "退款笔数")), .money(say("Refunded", "退款金额")),
                .money(say("Net", "净额")), .money(say("Merchants' fees", "商户手续费")),
                .money(say("Of it: channel", "其中：渠道")), .money(say("Of it: agents", "其中：代理商")),
                .money(say("Of it: platform", "其中：平台")),
            ],
            rows: ReportTable.rows(of: ReportTurnover(days: days)) { row in
                [
                    .text(row.day), .text(row.product), .count(row.orders), .money(row.gross),
                    .count(row.refunds), .money(row.refunded), .money(row.gross - row.refunded),
                    .money(row.merchantFee), .money(row.channelFee), .money(row.agentShare),
                    .money(row.platformShare),
                ]
            })
        return report(
            facts: [(say("By", "统计口径"), say("time of payment or refund", "支付或退款完成时间"))], [table])
    }

    /// What agents earned by settlements; of one agent each order and refund too.
    var profitShare: Report {
        let items = agentNo.map { [shareItems(of: $0)] } ?? []
        return report([shares] + items)
    }

    private var shares: ReportTable {
        let say = language
        return ReportTable(
            name: "agents", title: say("Shares", "分润汇总"),
            columns: [
                .text(say("Day", "账期日"), width: 11), .text(say("Agent", "代理商号"), width: 10),
                .text(say("Name", "名称"), width: 20), .text(say("Product", "支付产品"), width: 9),
                .count(say("Orders", "订单数")), .count(say("Refunds", "退款数")),
                .money(say("Amount", "净交易额")), .money(say("Share", "分润")),
            ],
            rows: ReportTable.rows(of: ReportShares(days: days, agentNo: agentNo)) { row in
                [
                    .text(row.day), .text(row.agentNo), .text(row.agentName), .text(row.product),
                    .count(row.orders), .count(row.refunds), .money(row.amount), .money(row.share),
                ]
            })
    }

    private func shareItems(of agentNo: String) -> ReportTable {
        let say = language
        return ReportTable(
            name: "items", title: say("Orders and refunds", "订单与退款明细"),
            columns: [
                .text(say("Day", "账期日"), width: 11), .text(say("Order", "平台订单号"), width: 28),
                .text(say("Refund", "退款号"), width: 28),
                .text(say("Merchant", "商户号"), width: 11),
                .text(say("Product", "支付产品"), width: 9), .money(say("Amount", "金额")),
                .text(say("Agent's rate", "代理商费率"), width: 13),
                .text(say("Rate below", "下级费率"), width: 13), .money(say("Share", "分润")),
            ],
            rows: ReportTable.rows(
                of: ReportShareItems(days: days, agentNo: agentNo),
                cells: { row in
                    [
                        .text(row.day), .text(row.orderNo), .text(orEmpty: row.refundNo),
                        .text(row.merchantNo), .text(row.product), .money(row.amount),
                        .text(row.rate.percent), .text(row.rateBelow.percent),
                        .money(row.share),
                    ]
                }))
    }

    /// The channel's fees by its statements, and by the contract's rate.
    var fees: Report {
        let say = language
        let table = ReportTable(
            name: "fees", title: say("Channel fees", "渠道手续费"),
            columns: [
                .text(say("Day", "账期日"), width: 11), .text(say("Channel", "渠道"), width: 10),
                .text(say("Account", "渠道账号"), width: 23), .text(say("Line", "行类型"), width: 9),
                .count(say("Lines", "行数")), .money(say("Amount", "金额")),
                .money(say("Fee of the statement", "账单手续费")),
                .money(say("Fee by contract", "合同手续费")),
                .money(say("Statement less contract", "账单减合同")),
            ],
            rows: ReportTable.rows(of: ReportFees(days: days)) { row in
                [
                    .text(row.day), .text(row.channel), .text(row.account),
                    .text(say.lineKind(row.lineKind)), .count(row.lines), .money(row.amount),
                    .money(row.statementFee), .money(row.contractFee),
                    .money(row.statementFee - row.contractFee),
                ]
            })
        return report([table])
    }

    /// The balance of each account at the end of the last day.
    var trialBalance: Report {
        let say = language
        let table = ReportTable(
            name: "accounts", title: say("Accounts", "科目余额"),
            columns: [
                .text(say("Account", "科目"), width: 30), .text(say("Party", "参与方号"), width: 14),
                .text(say("Name", "名称"), width: 20), .money(say("Debits", "借方发生额")),
                .money(say("Credits", "贷方发生额")), .money(say("Debit balance", "借方余额")),
                .money(say("Credit balance", "贷方余额")),
            ],
            rows: ReportTable.rows(of: ReportBalances(endOf: days.to)) { row in
                let balance = row.debits - row.credits
                return [
                    .text(say.account(row.kind)), .text(orEmpty: row.partyNo),
                    .text(orEmpty: row.partyName), .money(row.debits), .money(row.credits),
                    .money(max(balance, .zero)), .money(max(-balance, .zero)),
                ]
            })
        return report(
            facts: [
                (
                    say("Posted", "记账截至"),
                    say("until the end of \(days.to)", "\(days.to) 日终")
                )
            ], [table])
    }
}
