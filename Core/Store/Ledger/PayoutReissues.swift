public import Events
public import Payments
public import Postgres

/// A payout with what decides whether it may be paid again; its row locked until the transaction
/// ends.
public struct LockPayout: PostgresStatement {
    /// The payout.
    public struct Row: Sendable {
        /// The settlement that it pays.
        public let settlementID: String
        /// The day that was settled.
        public let day: BusinessDay
        /// The merchant's party number.
        public let merchantNo: String
        /// The payout's amount.
        public let amount: Money
        /// `requested`, `processing`, `succeeded` or `failed`.
        public let status: String
        /// The payout that pays it again; `nil` where none does.
        public let reissuedAs: String?
    }

    let payoutNo: String

    /// - Parameter payoutNo: the payout's number.
    public init(payoutNo: String) { self.payoutNo = payoutNo }

    public static let sql = """
        select p.settlement_id, s.day::text, p.merchant_no, p.amount_fen, p.status,
            (select n.payout_no from payouts n where n.reissue_of = p.payout_no)
        from payouts p join settlements s using (settlement_id)
        where p.payout_no = $1 for update of p
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(payoutNo) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let day = try row.text(1)
        guard let parsed = BusinessDay(day) else {
            throw PostgresError.decoding("'\(day)' is not a day")
        }
        return Row(
            settlementID: try row.text(0), day: parsed, merchantNo: try row.text(2),
            amount: try row.money(3), status: try row.text(4), reissuedAs: try row.textOrNull(5))
    }
}

/// Stores the payout that pays a failed one again, due at once, and writes it to the audit log.
public struct InsertReissue: PostgresStatement {
    let payout: PayoutRequested
    let reissueOf: String
    let actor: String
    let reason: String
    let now: Timestamp

    /// - Parameters:
    ///   - payout: as it is published.
    ///   - reissueOf: the failed payout, locked.
    ///   - actor: who pays it again.
    public init(
        _ payout: PayoutRequested, reissueOf: String, actor: String, reason: String,
        now: Timestamp
    ) {
        self.payout = payout
        self.reissueOf = reissueOf
        self.actor = actor
        self.reason = reason
        self.now = now
    }

    public static let sql = """
        with made as (
            insert into payouts (payout_no, settlement_id, merchant_no, amount_fen, status,
                requested_at, next_attempt_at, reissue_of)
            values ($1, $2, $3, $4, 'requested', $5, $5, $6)
        )
        insert into audit_log (actor, action, subject, detail, at)
        values ($7, 'payout.reissue', $6,
            concat_ws(': ', 'paid again as ' || $1, nullif($8, '')), $5)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(payout.payoutNo)
        bindings.append(payout.settlementID)
        bindings.append(payout.merchantNo)
        bindings.append(payout.amountFen)
        bindings.append(now)
        bindings.append(reissueOf)
        bindings.append(actor)
        bindings.append(reason)
    }
}
