public import Events
public import Payments
public import Postgres

/// Stores the payouts of settlements; each is due at once.
public struct InsertPayouts: PostgresStatement {
    let payouts: [PayoutRequested]
    let now: Timestamp

    /// The payouts as they are published.
    public init(_ payouts: [PayoutRequested], now: Timestamp) {
        self.payouts = payouts
        self.now = now
    }

    public static let sql = """
        insert into payouts (payout_no, settlement_id, merchant_no, amount_fen, status,
            requested_at, next_attempt_at)
        select *, 'requested', $5, $5
        from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
        on conflict do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(payouts.map(\.payoutNo))
        bindings.append(payouts.map(\.settlementID))
        bindings.append(payouts.map(\.merchantNo))
        bindings.append(payouts.map(\.amountFen))
        bindings.append(now)
    }
}

/// Leases payouts that are due to be sent to the bank, or queried there.
public struct ClaimPayouts: PostgresStatement {
    /// A leased payout with the card it goes to.
    public struct Row: Sendable {
        /// The bank's idempotency key.
        public let payoutNo: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The payout's amount.
        public let amount: Money
        /// The attempt's number, from 1.
        public let attempt: Int32
        /// The card's holder, sealed; `nil` where the merchant has no card.
        public let payeeNameSealed: [UInt8]?
        /// The card's number, sealed; `nil` where the merchant has no card.
        public let cardNoSealed: [UInt8]?
    }

    let limit: Int32
    let now: Timestamp

    /// Payouts due at `now`.
    public init(limit: Int, now: Timestamp) {
        self.limit = Int32(limit)
        self.now = now
    }

    public static let sql = Lease.payouts.claim(
        returning: """
            t.payout_no, t.merchant_no, t.amount_fen, t.attempt,
                (select payee_name_sealed from settlement_cards c where c.party_no = t.merchant_no),
                (select card_no_sealed from settlement_cards c where c.party_no = t.merchant_no)
            """)

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            payoutNo: try row.text(0), merchantNo: try row.text(1), amount: try row.money(2),
            attempt: try row.int32(3), payeeNameSealed: try row.bytesOrNull(4),
            cardNoSealed: try row.bytesOrNull(5))
    }
}

/// Stores when the bank is queried next, if the lease's attempt is still the current one.
public struct PostponePayout: PostgresStatement {
    let payoutNo: String
    let attempt: Int32
    let status: String
    let bankRef: String?
    let reason: String
    let nextAt: Timestamp

    /// - Parameter status: `requested` while the bank's answer is unknown, `processing` once it has
    ///   accepted the payout.
    public init(
        payoutNo: String, attempt: Int32, status: String, bankRef: String?, reason: String,
        nextAt: Timestamp
    ) {
        self.payoutNo = payoutNo
        self.attempt = attempt
        self.status = status
        self.bankRef = bankRef
        self.reason = reason
        self.nextAt = nextAt
    }

    public static let sql = """
        update payouts set status = $3, bank_ref = coalesce($4, bank_ref), reason = $5,
            next_attempt_at = $6, \(Lease.payouts.release)
        where \(Lease.payouts.isHeld) and status in ('requested', 'processing')
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(payoutNo)
        bindings.append(attempt)
        bindings.append(status)
        bindings.append(bankRef)
        bindings.append(reason)
        bindings.append(nextAt)
    }
}

/// Stores the bank's final answer, if the lease's attempt is still the current one and the payout
/// has no final answer. A row if it was stored.
///
/// An answer of an expired lease is dropped: the attempt that took over queries the bank itself.
public struct CompletePayout: PostgresStatement {
    let payoutNo: String
    let attempt: Int32
    let outcome: PayoutOutcome
    let bankRef: String?
    let reason: String?
    let now: Timestamp

    /// - Parameters:
    ///   - attempt: the lease's.
    ///   - reason: why it failed.
    public init(
        payoutNo: String, attempt: Int32, outcome: PayoutOutcome, bankRef: String?,
        reason: String?, now: Timestamp
    ) {
        self.payoutNo = payoutNo
        self.attempt = attempt
        self.outcome = outcome
        self.bankRef = bankRef
        self.reason = reason
        self.now = now
    }

    public static let sql = """
        update payouts set status = $3, bank_ref = coalesce($4, bank_ref), reason = $5,
            completed_at = $6, next_attempt_at = null, \(Lease.payouts.release)
        where \(Lease.payouts.isHeld) and status in ('requested', 'processing')
        returning merchant_no
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(payoutNo)
        bindings.append(attempt)
        bindings.append(outcome.rawValue)
        bindings.append(bankRef)
        bindings.append(reason)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
