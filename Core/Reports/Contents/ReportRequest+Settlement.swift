import Payments
import Sentences
import Store

extension ReportRequest {
    /// Settlements by merchant, and the orders and refunds in them. One merchant's report shows
    /// nothing of what the channel, agents and the platform earn.
    var settlement: Report {
        report([settlements, settlementItems])
    }

    private var settlements: ReportTable {
        let say = language
        let isForMerchant = merchantNo != nil
        var columns: [ReportColumn] = [
            .text(say("Day", "账期日"), width: 11), .text(say("Settlement", "结算单号"), width: 28),
            .text(say("Merchant", "商户号"), width: 11), .text(say("Name", "商户名称"), width: 18),
            .count(say("Orders", "订单数")), .money(say("Gross", "交易金额")),
            .count(say("Refunds", "退款数")), .money(say("Refunded", "退款金额")),
            .money(say("Fee", "手续费")),
        ]
        if !isForMerchant {
            columns += [
                .money(say("Of it: channel", "其中：渠道")), .money(say("Of it: agents", "其中：代理商")),
                .money(say("Of it: platform", "其中：平台")),
            ]
        }
        columns += [
            .money(say("Carried in", "上期结转")), .money(say("Net", "结算净额")),
            .text(say("Payout", "出款单号"), width: 29), .text(say("State", "出款状态"), width: 9),
        ]
        return ReportTable(
            name: "settlements", title: say("Settlements", "结算汇总"), columns: columns,
            rows: ReportTable.rows(
                of: ReportSettlements(
                    days: days, merchantNo: merchantNo),
                cells: { row in
                    let one = row.settlement
                    var cells: [ReportCell] = [
                        .text(one.day), .text(one.settlementID), .text(one.merchantNo),
                        .text(row.merchantName), .count(Int64(one.orders)), .money(one.gross),
                        .count(Int64(one.refunds)), .money(one.refunded), .money(one.merchantFee),
                    ]
                    if !isForMerchant {
                        cells += [
                            .money(one.channelFee), .money(one.agentShare),
                            .money(one.platformShare),
                        ]
                    }
                    return cells + [
                        .money(one.carriedIn), .money(one.net), .text(orEmpty: row.payoutNo),
                        .text(orEmpty: row.payoutStatus.map(say.payoutStatus)),
                    ]
                }))
    }

    private var settlementItems: ReportTable {
        let say = language
        return ReportTable(
            name: "items", title: say("Orders and refunds", "订单与退款明细"),
            columns: [
                .text(say("Day", "账期日"), width: 11),
                .text(say("Settlement", "结算单号"), width: 28),
                .text(say("Merchant", "商户号"), width: 11),
                .text(say("Order", "平台订单号"), width: 28),
                .text(say("Merchant's order number", "商户订单号"), width: 20),
                .text(say("Refund", "退款号"), width: 28), .text(say("Product", "支付产品"), width: 9),
                .time(say("Completed at", "完成时间")), .money(say("Amount", "金额")),
                .money(say("Fee", "手续费")), .money(say("Net", "净额")),
            ],
            rows: ReportTable.rows(
                of: ReportSettlementItems(
                    days: days, merchantNo: merchantNo),
                cells: { row in
                    [
                        .text(row.day), .text(row.settlementID), .text(row.merchantNo),
                        .text(row.orderNo), .text(row.merchantOrderNo),
                        .text(orEmpty: row.refundNo), .text(row.product),
                        .time(orEmpty: row.completedAt), .money(row.amount),
                        .money(row.merchantFee), .money(row.amount - row.merchantFee),
                    ]
                }))
    }
}
