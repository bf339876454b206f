/// A channel's statement (bill) of an account and a day.
public struct Statement: Sendable, Hashable {
    /// The account, as the channel names it.
    public let account: String
    /// The day.
    public let day: BusinessDay
    /// The lines, as they stand in the file.
    public let lines: [StatementLine]
    /// What the file says of itself.
    public let footer: StatementFooter

    /// A statement as it was read; not yet validated.
    public init(
        account: String, day: BusinessDay, lines: [StatementLine], footer: StatementFooter
    ) {
        self.account = account
        self.day = day
        self.lines = lines
        self.footer = footer
    }

    /// Refuses a statement that is not whole: counts and sums must be those of its own footer.
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
        _ field: StatementError.Field, _ told: Int, _ counted: Int?
    ) throws(StatementError) {
        let counted = counted ?? 0
        if told != counted {
            throw .footer(field, told: String(told), counted: String(counted))
        }
    }

    private static func check(
        _ field: StatementError.Field, _ told: Money, _ counted: Money?
    ) throws(StatementError) {
        let counted = counted ?? .zero
        if told != counted {
            throw .footer(field, told: told.description, counted: counted.description)
        }
    }
}
