import Channels
import Payments

/// The second channel's bill: `account,day`, a line a transaction, and a footer of counts and sums.
enum SecondBill {
    static func statement(
        in file: [UInt8], of day: BusinessDay
    ) throws(BillError) -> Statement {
        let rows = String(decoding: file, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        guard let head = rows.first, head.count == 2, let billDay = BusinessDay(head[1]) else {
            throw .notABill("it has no head")
        }
        guard billDay == day else { throw .wrongDay(expected: day, seen: billDay) }
        guard let foot = rows.last, foot.first == "end", foot.count == 5 else {
            throw .incomplete(missing: "the footer")
        }
        var lines: [StatementLine] = []
        for (index, row) in rows.dropFirst().dropLast().enumerated() {
            guard row.count == 7, let kind = StatementLine.Kind(rawValue: row[0]),
                let amount = Int64(row[4]), let fee = Int64(row[5]), let time = Int64(row[6])
            else { throw .line(index + 2, "it can't be read") }
            let at = Timestamp(microseconds: time)
            lines.append(
                StatementLine(
                    lineNo: index + 1, kind: kind, channelTradeNo: row[1], orderNo: row[2],
                    refundNo: row[3].isEmpty ? nil : row[3], amount: Money(fen: amount),
                    fee: Money(fen: fee), createdAt: at, completedAt: at, subject: ""))
        }
        let sums = foot.dropFirst().compactMap { Int64($0) }
        guard sums.count == 4 else { throw .line(rows.count, "the footer can't be read") }
        let statement = Statement(
            account: head[0], day: day, lines: lines,
            footer: StatementFooter(
                tradeCount: Int(sums[0]), tradeTotal: Money(fen: sums[1]),
                refundCount: Int(sums[2]), refundTotal: Money(fen: sums[3])))
        do { try statement.validate() } catch { throw .statement(line: rows.count, error) }
        return statement
    }
}
