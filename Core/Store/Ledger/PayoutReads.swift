public import Payments
public import Postgres

/// A payout as operators see it.
public struct PayoutLine: Sendable {
    /// The bank's idempotency key.
    public let payoutNo: String
    /// The settlement that it pays.
    public let settlementID: String
    /// The merchant's party number.
    public let merchantNo: String
    /// The payout's amount.
    public let amount: Money
    /// `requested`, `processing`, `succeeded` or `failed`.
    public let status: String
    /// The bank's reference, once known.
    public let bankRef: String?
    /// Why it failed, or isn't final.
    public let reason: String?
    /// When it was requested.
    public let requestedAt: Timestamp
    /// When the bank's final answer came.
    public let completedAt: Timestamp?
    /// When the bank is queried next; `nil` where it is final.
    public let nextAttemptAt: Timestamp?
    /// How many attempts were claimed.
    public let attempt: Int32
    /// The failed payout that it pays again; `nil` for a settlement's first.
    public let reissueOf: String?
    /// The payout that pays this failed one again.
    public let reissuedAs: String?

    fileprivate static let select = """
        select p.payout_no, p.settlement_id, p.merchant_no, p.amount_fen, p.status, p.bank_ref,
            p.reason, p.requested_at, p.completed_at, p.next_attempt_at, p.attempt, p.reissue_of,
            (select n.payout_no from payouts n where n.reissue_of = p.payout_no)
        from payouts p
        """

    fileprivate static func decode(_ row: PostgresRow) throws(PostgresError) -> PayoutLine {
        PayoutLine(
            payoutNo: try row.text(0), settlementID: try row.text(1), merchantNo: try row.text(2),
            amount: try row.money(3), status: try row.text(4), bankRef: try row.textOrNull(5),
            reason: try row.textOrNull(6), requestedAt: try row.time(7),
            completedAt: try row.timeOrNull(8), nextAttemptAt: try row.timeOrNull(9),
            attempt: try row.int32(10), reissueOf: try row.textOrNull(11),
            reissuedAs: try row.textOrNull(12))
    }
}

/// A page of payouts, by number from the last: a number begins with its day.
public struct PayoutPage: PostgresStatement {
    let status: String?
    let merchantNo: String?
    let before: String?
    let limit: Int32

    /// - Parameters:
    ///   - status: only of this status; `nil` for all.
    ///   - before: the last payout of the page before.
    public init(status: String?, merchantNo: String?, before: String?, limit: Int) {
        self.status = status
        self.merchantNo = merchantNo
        self.before = before
        self.limit = Int32(limit)
    }

    public static let sql = """
        \(PayoutLine.select)
        where ($1::text is null or p.status = $1) and ($2::text is null or p.merchant_no = $2)
            and ($3::text is null or p.payout_no < $3)
        order by p.payout_no desc limit $4
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(status)
        bindings.append(merchantNo)
        bindings.append(before)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> PayoutLine {
        try PayoutLine.decode(row)
    }
}

/// The payouts of some settlements, in the order of their requests.
public struct PayoutsOfSettlements: PostgresStatement {
    let settlementIDs: [String]

    /// - Parameter settlementIDs: the settlements.
    public init(_ settlementIDs: [String]) { self.settlementIDs = settlementIDs }

    public static let sql = """
        \(PayoutLine.select) where p.settlement_id = any($1) order by p.requested_at, p.payout_no
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(settlementIDs) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> PayoutLine {
        try PayoutLine.decode(row)
    }
}

/// Payouts by their numbers.
public struct PayoutsByNo: PostgresStatement {
    let payoutNos: [String]

    /// - Parameter payoutNos: the numbers; an unknown one has no row.
    public init(_ payoutNos: [String]) { self.payoutNos = payoutNos }

    public static let sql = "\(PayoutLine.select) where p.payout_no = any($1) order by p.payout_no"

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(payoutNos) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> PayoutLine {
        try PayoutLine.decode(row)
    }
}
