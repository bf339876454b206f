import Payments
public import Postgres

/// The settlements of some days, of all merchants or one, with their last payout.
public struct ReportSettlements: PostgresStatement {
    /// A settlement.
    public struct Row: Sendable {
        /// The settlement.
        public let settlement: SettlementLine
        /// The merchant's name.
        public let merchantName: String
        /// The last payout; `nil` where nothing was to be paid.
        public let payoutNo: String?
        /// `requested`, `processing`, `succeeded` or `failed`.
        public let payoutStatus: String?
    }

    let days: ReportDays
    let merchantNo: String?

    /// - Parameter merchantNo: only this merchant's; `nil` for all.
    public init(days: ReportDays, merchantNo: String?) {
        self.days = days
        self.merchantNo = merchantNo
    }

    public static let sql = """
        select \(SettlementLine.columns), m.name, p.payout_no, p.status
        from settlements s join parties m on m.party_no = s.merchant_no
            left join lateral (
                select payout_no, status from payouts p where p.settlement_id = s.settlement_id
                    and not exists (select from payouts n where n.reissue_of = p.payout_no)
            ) as p on true
        where s.day >= $1::text::date and s.day <= $2::text::date
            and ($3::text is null or s.merchant_no = $3)
        order by s.day, s.settlement_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(days)
        bindings.append(merchantNo)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let next = SettlementLine.columnCount
        return Row(
            settlement: try SettlementLine.decode(row), merchantName: try row.text(next),
            payoutNo: try row.textOrNull(next + 1), payoutStatus: try row.textOrNull(next + 2))
    }
}
