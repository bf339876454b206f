public import Payments

/// Alipay's trade bill (业务账单) of a day, as a statement (channel protocol §5.2).
public enum AlipayBill {
    private static let free = "商品名称"
    private static let required = [
        "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "商家实收(元)",
        "退款批次号/请求号", "服务费(元)",
    ]

    /// Reads a bill: the channel's zip, its detail as CSV in GBK or UTF-8, or a spreadsheet saved
    /// from it; told apart by content.
    ///
    /// Columns are found by name. An amount is what the merchant received (商家实收), which is what
    /// the footer adds up. A comma in a subject shifts columns; it is put back where the excess can
    /// only be there.
    /// - Throws: `BillError`, naming the line, for anything that doesn't fit: the account or day
    ///   isn't the expected one, a line isn't of the day, footer and lines disagree.
    public static func parse(
        _ bytes: [UInt8], expectedAccount: String?, expectedDay: BusinessDay?
    ) throws(BillError) -> Statement {
        let sheet = try BillSheet(try BillFile.rows(of: bytes, .trade))
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
        _ record: BillRecord, lineNo: Int, day: BusinessDay
    ) throws(BillError) -> StatementLine {
        let kind: StatementLine.Kind
        switch record["业务类型"] {
        case "交易": kind = .trade
        case "退款": kind = .refund
        default:
            throw .line(record.number, "业务类型 '\(record["业务类型"].prefix(16))' is not known here")
        }
        let received = try record.money("商家实收(元)")
        let fee = try record.money("服务费(元)")
        if kind == .trade, received < .zero || fee > .zero {
            throw .line(
                record.number,
                "a payment with 商家实收 \(received) and 服务费 \(fee); it brings money and costs a fee")
        }
        let completedAt = try record.time("完成时间")
        guard completedAt >= day.start, completedAt < day.end else {
            throw .line(record.number, "完成时间 \(completedAt.shanghai) is not of \(day)")
        }
        let refundNo = record["退款批次号/请求号"]
        return StatementLine(
            lineNo: lineNo, kind: kind, channelTradeNo: try record.identifier("支付宝交易号"),
            orderNo: try record.identifier("商户订单号"),
            refundNo: kind == .trade || refundNo.isEmpty
                ? nil : try record.identifier("退款批次号/请求号"),
            // The direction is in the kind: a sample with positive refunds is in circulation.
            amount: magnitude(received), fee: magnitude(fee),
            createdAt: try record.time("创建时间"), completedAt: completedAt,
            subject: record[free])
    }

    static func magnitude(_ money: Money) -> Money { money < .zero ? -money : money }
}
