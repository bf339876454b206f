public import Events
public import Payments
public import Postgres

/// Stores a reconciliation's counts. No row if the statement was reconciled before.
public struct InsertReconciliation: PostgresStatement {
    let completed: ReconciliationCompleted

    /// The counts as they are published.
    public init(_ completed: ReconciliationCompleted) { self.completed = completed }

    public static let sql = """
        insert into reconciliations (reconciliation_id, channel, day, statement_id, matched,
            platform_only, channel_only, amount_mismatch, status_mismatch, fee_mismatch,
            duplicate, completed_at)
        values ($1, $2, $3::text::date, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict do nothing
        returning reconciliation_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(completed.reconciliationID)
        bindings.append(completed.channel)
        bindings.append(completed.date)
        bindings.append(completed.statementID)
        for count in [
            completed.matched, completed.platformOnly, completed.channelOnly,
            completed.amountMismatch, completed.statusMismatch, completed.feeMismatch,
            completed.duplicate,
        ] { bindings.append(Int32(count)) }
        bindings.append(completed.envelope.occurredAt)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// The reconciliations of a day.
public struct ReconciliationsOfDay: PostgresStatement {
    /// A reconciliation's counts.
    public struct Row: Sendable {
        /// The reconciliation's identity.
        public let reconciliationID: String
        /// The statement's identity.
        public let statementID: String
        /// Counts by name: `matched` and each kind of difference.
        public let counts: [(name: String, count: Int32)]
        /// When it was completed.
        public let completedAt: Timestamp
    }

    let day: BusinessDay
    /// All channels of one day.
    public init(day: BusinessDay) { self.day = day }

    private static let names = [
        "matched", "platform_only", "channel_only", "amount_mismatch", "status_mismatch",
        "fee_mismatch", "duplicate",
    ]

    public static let sql = """
        select reconciliation_id, statement_id, completed_at, \(names.joined(separator: ", "))
        from reconciliations where day = $1::text::date order by completed_at
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(day) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        var counts: [(name: String, count: Int32)] = []
        for (index, name) in names.enumerated() {
            counts.append((name, try row.int32(3 + index)))
        }
        return Row(
            reconciliationID: try row.text(0), statementID: try row.text(1), counts: counts,
            completedAt: try row.time(2))
    }
}

/// The differences of a day.
public struct DifferencesOfDay: PostgresStatement {
    /// A difference.
    public struct Row: Sendable {
        /// Its number.
        public let id: Int64
        /// One of ``DifferenceKind``.
        public let kind: String
        /// `trade` or `refund`.
        public let lineKind: String
        /// The order's number.
        public let orderNo: String
        /// The refund's number; empty for a payment.
        public let refundNo: String
        /// The statement's line; `nil` for `platform_only`.
        public let lineNo: Int32?
        /// The platform's amount; `nil` where the platform has none.
        public let platformAmount: Money?
        /// The channel's amount; `nil` where the statement has none.
        public let channelAmount: Money?
        /// `open`, `resolved` or `escalated`.
        public let status: String
        /// How it was resolved; `nil` while it isn't.
        public let resolution: String?
    }

    let day: BusinessDay
    /// All channels of one day.
    public init(day: BusinessDay) { self.day = day }
    public static let sql = """
        select kind, line_kind, order_no, refund_no, line_no, platform_amount_fen,
            channel_amount_fen, status, resolution, difference_id
        from differences where day = $1::text::date order by kind, order_no, refund_no
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(day) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            id: try row.int64(9), kind: try row.text(0),
            lineKind: try row.text(1), orderNo: try row.text(2),
            refundNo: try row.text(3), lineNo: try row.int32OrNull(4),
            platformAmount: try row.moneyOrNull(5), channelAmount: try row.moneyOrNull(6),
            status: try row.text(7), resolution: try row.textOrNull(8))
    }
}
