/// A channel's statement (bill) of one account and day.
public struct Statement: Sendable, Hashable {
    /// The channel's identifier of the account.
    public let account: String
    /// The business day of the statement.
    public let day: BusinessDay
    /// The lines, in the order of the file.
    public let lines: [StatementLine]
    /// The counts and totals at the file's end.
    public let footer: StatementFooter

    /// A statement that is not validated yet.
    public init(
        account: String, day: BusinessDay, lines: [StatementLine], footer: StatementFooter
    ) {
        self.account = account
        self.day = day
        self.lines = lines
        self.footer = footer
    }

    /// Checks that the statement is complete: counts and totals are those of its footer.
    /// - Throws: `StatementError` with the first line or field that is wrong.
    public func validate() throws(StatementError) {
        var counts: [StatementLine.Kind: Int] = [:]
        var totals: [StatementLine.Kind: Money] = [:]
        for line in lines {
            if line.amount < .zero {
                throw .negative(line: line.lineNo, field: .amount, seen: line.amount)
            }
            if line.fee < .zero {
                throw .negative(line: line.lineNo, field: .fee, seen: line.fee)
            }
            guard let total = try? (totals[line.kind] ?? .zero).adding(line.amount) else {
                throw .totalOutOfRange(line: line.lineNo)
            }
            counts[line.kind, default: 0] += 1
            totals[line.kind] = total
        }
        try Self.check(.tradeCount, footer.tradeCount, counts[.trade])
        try Self.check(.tradeTotal, footer.tradeTotal, totals[.trade])
        try Self.check(.refundCount, footer.refundCount, counts[.refund])
        try Self.check(.refundTotal, footer.refundTotal, totals[.refund])
    }

    private static func check(
        _ field: StatementError.Field, _ stated: Int, _ counted: Int?
    ) throws(StatementError) {
        let counted = counted ?? 0
        if stated != counted {
            throw .footer(field, stated: String(stated), counted: String(counted))
        }
    }

    private static func check(
        _ field: StatementError.Field, _ stated: Money, _ counted: Money?
    ) throws(StatementError) {
        let counted = counted ?? .zero
        if stated != counted {
            throw .footer(field, stated: stated.description, counted: counted.description)
        }
    }
}
