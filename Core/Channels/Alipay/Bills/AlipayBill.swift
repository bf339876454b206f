public import Channels
public import Payments

/// Alipay's trade bill (业务账单) of a day, as a statement (channel protocol §5.2).
public enum AlipayBill {
    private static let kind = BillKind(
        title: "支付宝业务明细查询", fileMark: "业务明细", otherMark: "汇总")
    private static let free = "商品名称"
    private static let required = [
        "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "商家实收(元)",
        "退款批次号/请求号", "服务费(元)",
    ]

    /// Reads a bill: the channel's zip, its detail as CSV in GBK or UTF-8, or a spreadsheet saved
    /// from it; the format is found by content.
    ///
    /// Columns are found by name. An amount is what the merchant received (商家实收), which is what
    /// the footer sums. A comma in a subject shifts columns: excess cells are joined into the
    /// subject, the only column of free text.
    /// - Throws: `BillError` with the line for anything that doesn't fit: the account or day isn't
    ///   the expected one, a line isn't of the day, footer and lines disagree.
    public static func parse(
        _ bytes: [UInt8], expectedAccount: String?, expectedDay: BusinessDay?
    ) throws(BillError) -> Statement {
        let sheet = try AlipayBillSheet(try BillFile.rows(of: bytes, kind))
        if let expectedAccount, sheet.account != expectedAccount {
            throw .wrongAccount(expected: expectedAccount, seen: sheet.account)
        }
        if let expectedDay, sheet.day != expectedDay {
            throw .wrongDay(expected: expectedDay, seen: sheet.day)
        }
        try sheet.require(required)
        var lines: [StatementLine] = []
        lines.reserveCapacity(sheet.rows.count)
        for row in sheet.rows {
            let record = try sheet.record(row, free: free)
            lines.append(try line(record, lineNo: lines.count + 1, day: sheet.day))
        }
        let trades = try sheet.footer("交易合计")
        let refunds = try sheet.footer("退款合计")
        let statement = Statement(
            account: sheet.account, day: sheet.day, lines: lines,
            footer: StatementFooter(
                tradeCount: trades.count, tradeTotal: trades.total, refundCount: refunds.count,
                refundTotal: magnitude(refunds.total)))
        do {
            try statement.validate()
        } catch {
            throw .statement(line: error.isOfRefunds ? refunds.line : trades.line, error)
        }
        return statement
    }

    private static func line(
        _ record: AlipayBillRecord, lineNo: Int, day: BusinessDay
    ) throws(BillError) -> StatementLine {
        let lineKind: StatementLine.Kind
        switch record["业务类型"] {
        case "交易": lineKind = .trade
        case "退款": lineKind = .refund
        default:
            throw .line(record.number, "业务类型 '\(record["业务类型"].prefix(16))' is unknown")
        }
        let received = try record.money("商家实收(元)")
        let fee = try record.money("服务费(元)")
        if lineKind == .trade, received < .zero || fee > .zero {
            throw .line(
                record.number,
                "a payment with 商家实收 \(received) and 服务费 \(fee): expected are an amount of "
                    + "at least zero and a fee of at most zero")
        }
        let completedAt = try record.time("完成时间")
        guard completedAt >= day.start, completedAt < day.end else {
            throw .line(record.number, "完成时间 \(completedAt.shanghai) is not of \(day)")
        }
        let refundNo = record["退款批次号/请求号"]
        return StatementLine(
            lineNo: lineNo, kind: lineKind, channelTradeNo: try record.identifier("支付宝交易号"),
            orderNo: try record.identifier("商户订单号"),
            refundNo: lineKind == .trade || refundNo.isEmpty
                ? nil : try record.identifier("退款批次号/请求号"),
            // The kind has the direction: some exports write refunds as positive amounts.
            amount: magnitude(received), fee: magnitude(fee),
            createdAt: try record.time("创建时间"), completedAt: completedAt,
            subject: record[free])
    }

    static func magnitude(_ money: Money) -> Money { money < .zero ? -money : money }
}
