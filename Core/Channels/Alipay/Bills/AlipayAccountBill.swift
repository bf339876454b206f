public import Channels
public import Payments

/// Alipay's account bill (账务账单) of a day: every movement of the balance (channel protocol §5.4).
public struct AlipayAccountBill: Sendable, Hashable {
    /// One movement.
    public struct Entry: Sendable, Hashable {
        /// The line of the file, from 1.
        public let lineNo: Int
        /// The movement's own number (账务流水号).
        public let serialNo: String
        /// The trade it belongs to (业务流水号).
        public let channelTradeNo: String
        /// Our order number; empty where there is none, as on a withdrawal.
        public let orderNo: String
        /// When it was booked.
        public let at: Timestamp
        /// Never negative.
        public let income: Money
        /// Never negative.
        public let expense: Money
        /// The balance after it.
        public let balance: Money
        /// 在线支付, 收费, 交易退款, 退费, 转账, 提现 and others.
        public let kind: String
        /// A refund's number, or free text.
        public let remark: String
    }

    /// As the bill names it.
    public let account: String
    /// In Asia/Shanghai.
    public let day: BusinessDay
    /// The movements, in the file's order.
    public let entries: [Entry]
    /// The sum of all incomes.
    public let income: Money
    /// The sum of all expenses, not negative.
    public let expense: Money

    private static let kind = BillKind(
        title: "支付宝账务明细查询", fileMark: "账务明细", otherMark: "汇总")
    private static let required = [
        "账务流水号", "业务流水号", "商户订单号", "商品名称", "发生时间", "收入金额(+元)", "支出金额(-元)",
        "账户余额(元)", "业务类型", "备注",
    ]

    /// Reads a bill: the channel's zip, CSV or spreadsheet; the format is found by content.
    /// - Throws: `BillError` with the line, also where a balance isn't the balance before it plus
    ///   income less expense, and where footer and lines disagree.
    public static func parse(
        _ bytes: [UInt8], expectedAccount: String?, expectedDay: BusinessDay?
    ) throws(BillError) -> AlipayAccountBill {
        let sheet = try AlipayBillSheet(try BillFile.rows(of: bytes, kind))
        if let expectedAccount, sheet.account != expectedAccount {
            throw .wrongAccount(expected: expectedAccount, seen: sheet.account)
        }
        if let expectedDay, sheet.day != expectedDay {
            throw .wrongDay(expected: expectedDay, seen: sheet.day)
        }
        try sheet.require(required)
        var totals = Totals()
        var entries: [Entry] = []
        for row in sheet.rows {
            let entry = try entry(try sheet.record(row, free: "商品名称"), day: sheet.day)
            try totals.add(entry, after: entries.last)
            entries.append(entry)
        }
        try check(try sheet.footer("收入合计"), "收入合计", totals.incomes, totals.income)
        try check(try sheet.footer("支出合计"), "支出合计", totals.expenses, totals.expense)
        return AlipayAccountBill(
            account: sheet.account, day: sheet.day, entries: entries, income: totals.income,
            expense: totals.expense)
    }

    /// The counts and sums that the footer must have.
    private struct Totals {
        var incomes = 0
        var expenses = 0
        var income = Money.zero
        var expense = Money.zero

        mutating func add(_ entry: Entry, after last: Entry?) throws(BillError) {
            do {
                income = try income.adding(entry.income)
                expense = try expense.adding(entry.expense)
                if let last {
                    let due = try last.balance.adding(entry.income).adding(-entry.expense)
                    guard due == entry.balance else {
                        throw BillError.line(
                            entry.lineNo,
                            "账户余额 is \(entry.balance), from the line before it comes to \(due)")
                    }
                }
            } catch let error as BillError {
                throw error
            } catch {
                throw .line(entry.lineNo, "\(error)")
            }
            if entry.income > .zero { incomes += 1 }
            if entry.expense > .zero { expenses += 1 }
        }
    }

    private static func entry(
        _ record: AlipayBillRecord, day: BusinessDay
    ) throws(BillError) -> Entry {
        let time = try record.time("发生时间")
        guard time >= day.start, time < day.end else {
            throw .line(record.number, "发生时间 \(time.shanghai) is not of \(day)")
        }
        let income = try record.money("收入金额(+元)")
        guard income >= .zero else {
            throw .line(record.number, "收入金额 of \(income) is below zero")
        }
        return Entry(
            lineNo: record.number, serialNo: try record.identifier("账务流水号"),
            channelTradeNo: record["业务流水号"], orderNo: record["商户订单号"], at: time,
            income: income,
            // The sign depends on the export.
            expense: AlipayBill.magnitude(try record.money("支出金额(-元)")),
            balance: try record.money("账户余额(元)"), kind: record["业务类型"],
            remark: record["备注"])
    }

    private static func check(
        _ stated: (line: Int, count: Int, total: Money), _ name: String, _ count: Int,
        _ total: Money
    ) throws(BillError) {
        guard stated.count == count else {
            throw .footer("\(name) count", stated: "\(stated.count)", counted: "\(count)")
        }
        guard AlipayBill.magnitude(stated.total) == total else {
            throw .footer(name, stated: "\(stated.total)", counted: "\(total)")
        }
    }
}
