import Events
import Payments
import Postgres
import Reconciliation
import Store
import Testing
import WorkerRuntime

extension Shop {
    /// A payment's line; the fee is the contract's by default.
    static func trade(
        _ lineNo: Int, _ orderNo: String, amount: Int64 = 10_000, fee: Int64? = nil
    ) throws -> StatementLine {
        try line(lineNo, .trade, orderNo, nil, amount, fee)
    }

    static func refund(
        _ lineNo: Int, _ refundNo: String, of orderNo: String, amount: Int64,
        fee: Int64? = nil
    ) throws -> StatementLine {
        try line(lineNo, .refund, orderNo, refundNo, amount, fee)
    }

    private static func line(
        _ lineNo: Int, _ kind: StatementLine.Kind, _ orderNo: String, _ refundNo: String?,
        _ amount: Int64, _ fee: Int64?
    ) throws -> StatementLine {
        let amount = Money(fen: amount)
        return StatementLine(
            lineNo: lineNo, kind: kind, channelTradeNo: "T\(orderNo)", orderNo: orderNo,
            refundNo: refundNo, amount: amount,
            fee: try fee.map { Money(fen: $0) } ?? Rate(ppm: 3_800).fee(on: amount),
            createdAt: noon, completedAt: noon, subject: "tea")
    }

    static func closing(_ id: String, _ day: BusinessDay, _ lines: [StatementLine])
        -> StatementClosed
    {
        let trades = lines.filter { $0.kind == .trade }
        let refunds = lines.filter { $0.kind == .refund }
        return StatementClosed(
            envelope: StatementClosed.envelope(at: noon),
            statementID: id, channel: "alipay", date: day, account: "seller",
            lineCount: lines.count, tradeCount: trades.count,
            tradeTotalFen: trades.map(\.amount).reduce(.zero, +), refundCount: refunds.count,
            refundTotalFen: refunds.map(\.amount).reduce(.zero, +), linesEvents: 1)
    }

    /// Imports a statement and runs the reconciliation worker on its events.
    @discardableResult
    func reconcile(
        _ id: String, day: BusinessDay = day, at now: Timestamp = noon, _ lines: [StatementLine]
    ) async throws -> ReconciliationCompleted {
        let closed = Self.closing(id, day, lines)
        let part = StatementLines(
            envelope: StatementLines.envelope(at: now), statementID: id, firstLineNo: 1,
            lines: lines)
        let effect = try await connection.transaction { transaction in
            _ = try await transaction.run(InsertStatement(closed, sha256: [9], now: now))
            return try await ReconciliationWorker().apply(
                [.lines(part), .closed(closed)], in: transaction, now: now)
        }
        try #require(effect.poison.isEmpty)
        let completed = try ReconciliationCompleted(
            json: #require(effect.events.first, "the statement is not complete").value)
        #expect(completed.date == day && completed.statementID == id)
        return completed
    }

    /// `kind order_no status` of every difference of a day, refunds with their number.
    func differences(of day: BusinessDay = day) async throws -> Set<String> {
        let rows = try await connection.run(DifferencesOfDay(day: day))
        return Set(
            rows.map { row in
                let subject = row.refundNo.isEmpty ? row.orderNo : row.refundNo
                return "\(row.kind) \(subject) \(row.status)"
            })
    }

    /// Which orders or refunds are matched: `order_no` or `refund_no`.
    func matched() async throws -> Set<String> {
        Set(
            try await connection.texts(
                """
                select order_no from orders where matched_day is not null
                union all select refund_no from refunds where matched_day is not null
                """))
    }
}
