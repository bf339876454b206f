import Events
import Payments
import Postgres
import Store
import Testing

extension Shop {
    /// A line of a statement that agrees with an order of M1's, unless told otherwise.
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
            envelope: Envelope(
                eventID: .make(at: noon), eventType: "statement.closed", occurredAt: noon),
            statementID: id, channel: "alipay", date: day, account: "seller",
            lineCount: lines.count, tradeCount: trades.count,
            tradeTotalFen: trades.map(\.amount).reduce(.zero, +), refundCount: refunds.count,
            refundTotalFen: refunds.map(\.amount).reduce(.zero, +), linesEvents: 1)
    }

    /// Imports a statement whole and compares it, as the reconciliation worker does.
    @discardableResult
    func reconcile(
        _ id: String, day: BusinessDay = day, at now: Timestamp = noon, _ lines: [StatementLine]
    ) async throws -> ReconciliationCompleted {
        let closed = Self.closing(id, day, lines)
        return try await connection.transaction { transaction in
            _ = try await transaction.run(InsertStatement(closed, sha256: [9], now: now))
            _ = try await transaction.run(
                InsertStatementLines(statementIDs: lines.map { _ in id }, lines: lines))
            let complete = try await transaction.run(CompleteStatement(statementID: id, now: now))
            try #require(complete.first?.day == day)
            _ = try await transaction.run(SupersedeStatements(statementID: id, now: now))
            let kinds = try await transaction.run(FindLineDifferences(statementID: id, now: now))
            let orders = try await transaction.run(MatchOrders(statementID: id))
            let refunds = try await transaction.run(MatchRefunds(statementID: id))
            let platformOnly = try await transaction.run(
                FindPlatformOnly(statementID: id, day: day, now: now))
            _ = try await transaction.run(ResolveDifferences(statementID: id, now: now))
            _ = try await transaction.run(
                RevisitDifferences(day: day, escalateAfterDays: 3, now: now))
            func count(_ kind: DifferenceKind) -> Int { kinds.count { $0 == kind.rawValue } }
            let completed = ReconciliationCompleted(
                envelope: closed.envelope, reconciliationID: "R-\(id)", channel: "alipay",
                date: day, statementID: id, matched: (orders + refunds).count { $0 },
                platformOnly: platformOnly.count, channelOnly: count(.channelOnly),
                amountMismatch: count(.amountMismatch), statusMismatch: count(.statusMismatch),
                feeMismatch: count(.feeMismatch), duplicate: count(.duplicate))
            let stored = try await transaction.run(InsertReconciliation(completed))
            try #require(stored == ["R-\(id)"])
            return completed
        }
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
