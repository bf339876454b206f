public import Payments
public import Postgres

/// The newest reconciliations: one a statement version, and one for each time that comparing it
/// again found something.
public struct NewestDays: PostgresStatement {
    /// A reconciliation's counts.
    public struct Row: Sendable {
        /// The channel's name.
        public let channel: String
        /// The statement's day, `YYYY-MM-DD`.
        public let day: String
        /// The lines that agree with an order or a refund.
        public let matched: Int32
        /// The lines and orders that don't.
        public let differences: Int32
        /// The differences that have no resolution yet.
        public let open: Int64
        /// When it was completed.
        public let completedAt: Timestamp
    }

    let limit: Int32
    /// The newest days first.
    public init(limit: Int) { self.limit = Int32(limit) }

    public static let sql = """
        select channel, day::text, matched,
            platform_only + channel_only + amount_mismatch + status_mismatch + fee_mismatch
                + duplicate,
            (select count(*) from differences d
             where d.channel = r.channel and d.day = r.day and d.status <> 'resolved'
                and d.statement_id = r.statement_id),
            completed_at
        from reconciliations r order by day desc, channel, completed_at desc limit $1
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(limit) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            channel: try row.text(0), day: try row.text(1), matched: try row.int32(2),
            differences: try row.int32(3), open: try row.int64(4), completedAt: try row.time(5))
    }
}

/// The settlements of a day with their payouts, by merchant.
public struct SettlementsOfDay: PostgresStatement {
    /// A merchant's settlement.
    public struct Row: Sendable {
        /// The settlement's identity.
        public let settlementID: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The paid orders in it.
        public let orders: Int32
        /// The refunds in it.
        public let refunds: Int32
        /// The sum of the orders.
        public let gross: Money
        /// The sum of the refunds.
        public let refunded: Money
        /// What the merchant pays, less what refunds reversed.
        public let fee: Money
        /// What was carried in from an earlier settlement; negative where the merchant owed it.
        public let carriedIn: Money
        /// What the merchant receives: gross − refunded − fee + carried in.
        public let net: Money
        /// Its payout; `nil` where the net isn't above zero.
        public let payoutNo: String?
        /// The payout's status.
        public let payoutStatus: String?
        /// Why the payout isn't paid; `nil` where nothing is known.
        public let reason: String?
    }

    let day: BusinessDay
    /// All merchants of one day.
    public init(day: BusinessDay) { self.day = day }

    public static let sql = """
        select s.settlement_id, s.merchant_no, s.order_count, s.refund_count, s.gross_fen,
            s.refunded_fen, s.merchant_fee_fen, s.carried_in_fen, s.net_fen, p.payout_no, p.status,
            p.reason
        from settlements s left join payouts p on p.settlement_id = s.settlement_id
            and not exists (select from payouts n where n.reissue_of = p.payout_no)
        where s.reconciliation_id in (
            select reconciliation_id from reconciliations where day = $1::text::date)
        order by s.merchant_no
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(day) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            settlementID: try row.text(0), merchantNo: try row.text(1), orders: try row.int32(2),
            refunds: try row.int32(3), gross: try row.money(4), refunded: try row.money(5),
            fee: try row.money(6), carriedIn: try row.money(7), net: try row.money(8),
            payoutNo: try row.textOrNull(9), payoutStatus: try row.textOrNull(10),
            reason: try row.textOrNull(11))
    }
}
