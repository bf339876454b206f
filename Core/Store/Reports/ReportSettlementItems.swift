public import Payments
public import Postgres

/// The orders and refunds in some days' settlements, of all merchants or one.
public struct ReportSettlementItems: PostgresStatement {
    /// An order, or a refund, whose amounts are negative.
    public struct Row: Sendable {
        /// The day that was settled.
        public let day: String
        /// The settlement that it is in.
        public let settlementID: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The order.
        public let orderNo: String
        /// The merchant's own number.
        public let merchantOrderNo: String
        /// The refund; empty for the order itself.
        public let refundNo: String
        /// `PC`, `WAP` or `APP`.
        public let product: String
        /// When it was paid, or refunded.
        public let completedAt: Timestamp?
        /// The amount.
        public let amount: Money
        /// What the merchant pays.
        public let merchantFee: Money
    }

    let days: ReportDays
    let merchantNo: String?

    /// - Parameter merchantNo: only this merchant's; `nil` for all.
    public init(days: ReportDays, merchantNo: String?) {
        self.days = days
        self.merchantNo = merchantNo
    }

    public static let sql = """
        select s.day::text, s.settlement_id, s.merchant_no, i.order_no, o.merchant_order_no,
            i.refund_no, o.product,
            case i.refund_no when '' then o.paid_at else r.completed_at end, i.amount_fen,
            i.merchant_fee_fen
        from settlements s join settlement_items i using (settlement_id)
            join orders o using (order_no)
            left join refunds r on r.order_no = i.order_no and r.refund_no = i.refund_no
                and i.refund_no <> ''
        where s.day >= $1::text::date and s.day <= $2::text::date
            and ($3::text is null or s.merchant_no = $3)
        order by s.day, s.settlement_id, i.order_no, i.refund_no
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(days)
        bindings.append(merchantNo)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), settlementID: try row.text(1), merchantNo: try row.text(2),
            orderNo: try row.text(3), merchantOrderNo: try row.text(4), refundNo: try row.text(5),
            product: try row.text(6), completedAt: try row.timeOrNull(7),
            amount: try row.money(8), merchantFee: try row.money(9))
    }
}
