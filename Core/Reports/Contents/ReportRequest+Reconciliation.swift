import Payments
import Sentences
import Store

extension ReportRequest {
    /// Differences, and the statements with what came of them.
    var reconciliation: Report {
        report(
            facts: [
                (
                    language("Viewpoint", "视角"),
                    language(
                        "the platform's: only the platform has it, or only the channel",
                        "平台方：长款指仅平台有，短款指仅渠道有")
                )
            ], [differences, statements])
    }

    private var differences: ReportTable {
        let say = language
        return ReportTable(
            name: "differences", title: say("Differences", "差异明细"),
            columns: [
                .text(say("Day", "账期日"), width: 11), .text(say("Channel", "渠道"), width: 10),
                .text(say("Kind", "差异类型"), width: 18), .text(say("Line", "行类型"), width: 9),
                .text(say("Order", "平台订单号"), width: 28),
                .text(say("Refund", "退款号"), width: 28),
                .text(say("Merchant", "商户号"), width: 11),
                .text(say("Merchant's order number", "商户订单号"), width: 20),
                .money(say("Platform's amount", "平台金额")),
                .money(say("Channel's amount", "渠道金额")),
                .money(say("Platform less channel", "平台减渠道")),
                .money(say("Fee by contract", "合同手续费")),
                .money(say("Fee of the statement", "账单手续费")),
                .text(say("State", "状态"), width: 10),
                .text(say("Resolution", "处理结果"), width: 30),
                .text(say("Statement", "对账单号"), width: 28),
                .count(say("Statement's line", "账单行号"), isTotalled: false),
            ],
            rows: ReportTable.rows(
                of: ReportDifferences(days: days),
                cells: { row in
                    [
                        .text(row.day), .text(row.channel),
                        .text(say.differenceKind(row.kind)), .text(say.lineKind(row.lineKind)),
                        .text(row.orderNo), .text(orEmpty: row.refundNo),
                        .text(orEmpty: row.merchantNo), .text(orEmpty: row.merchantOrderNo),
                        .money(orEmpty: row.platformAmount), .money(orEmpty: row.channelAmount),
                        .money((row.platformAmount ?? .zero) - (row.channelAmount ?? .zero)),
                        .money(orEmpty: row.platformFee), .money(orEmpty: row.channelFee),
                        .text(say.differenceStatus(row.status)), .text(orEmpty: row.resolution),
                        .text(row.statementID), row.lineNo.map { .count(Int64($0)) } ?? .empty,
                    ]
                }))
    }

    private var statements: ReportTable {
        let say = language
        return ReportTable(
            name: "statements", title: say("Statements", "对账单"),
            columns: [
                .text(say("Day", "账期日"), width: 11), .text(say("Channel", "渠道"), width: 10),
                .text(say("Account", "渠道账号"), width: 23),
                .text(say("Statement", "对账单号"), width: 28),
                .count(say("Payments", "支付笔数")), .money(say("Paid", "支付金额")),
                .count(say("Refunds", "退款笔数")), .money(say("Refunded", "退款金额")),
                .count(say("Matched", "一致行数")), .count(say("Differences", "差异数")),
                .count(say("Open", "未处理")), .money(say("Open: platform more", "未处理：平台多")),
                .money(say("Open: channel more", "未处理：渠道多")),
            ],
            rows: ReportTable.rows(of: ReportStatements(days: days)) { row in
                [
                    .text(row.day), .text(row.channel), .text(row.account), .text(row.statementID),
                    .count(Int64(row.trades)), .money(row.tradeTotal), .count(Int64(row.refunds)),
                    .money(row.refundTotal), .count(Int64(row.matched)), .count(row.differences),
                    .count(row.open), .money(row.openPlatform), .money(row.openChannel),
                ]
            })
    }
}
