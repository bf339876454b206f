public import Payments
public import Postgres

/// The settlements of some days, of all merchants or one, with their last payout.
public struct ReportSettlements: PostgresStatement {
    /// A settlement.
    public struct Row: Sendable {
        /// The settlement's number.
        public let settlementID: String
        /// The day that was settled.
        public let day: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The merchant's name.
        public let merchantName: String
        /// The paid orders in it.
        public let orders: Int32
        /// The refunds in it.
        public let refunds: Int32
        /// The sum of the orders.
        public let gross: Money
        /// The sum of the refunds.
        public let refunded: Money
        /// What the merchant pays, less what refunds reversed.
        public let merchantFee: Money
        /// The channel's part of it.
        public let channelFee: Money
        /// The agents' part of it.
        public let agentShare: Money
        /// The platform's part of it.
        public let platformShare: Money
        /// What was carried in from earlier settlements; negative where the merchant owed it.
        public let carriedIn: Money
        /// gross − refunded − merchant fee + carried in.
        public let net: Money
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
        select s.settlement_id, s.day::text, s.merchant_no, m.name, s.order_count, s.refund_count,
            s.gross_fen, s.refunded_fen, s.merchant_fee_fen, s.channel_fee_fen, s.agent_share_fen,
            s.platform_share_fen, s.carried_in_fen, s.net_fen, p.payout_no, p.status
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
        Row(
            settlementID: try row.text(0), day: try row.text(1), merchantNo: try row.text(2),
            merchantName: try row.text(3), orders: try row.int32(4), refunds: try row.int32(5),
            gross: try row.money(6), refunded: try row.money(7), merchantFee: try row.money(8),
            channelFee: try row.money(9), agentShare: try row.money(10),
            platformShare: try row.money(11), carriedIn: try row.money(12), net: try row.money(13),
            payoutNo: try row.textOrNull(14), payoutStatus: try row.textOrNull(15))
    }
}
