public import Payments
public import Postgres

/// What the fees and shares of paid orders were computed from, and what is stored of them: for each
/// order a row, and one for each refund that took effect, in the order in which they did.
public struct FeesOfOrders: PostgresStatement {
    /// The order, or a refund.
    public struct Row: Sendable, Equatable {
        /// The order.
        public let orderNo: String
        /// The refund; empty for the order itself.
        public let refundNo: String
        /// The merchant's party number.
        public let merchantNo: String
        /// `PC`, `WAP` or `APP`.
        public let product: String
        /// The amount, also of a refund above zero.
        public let amount: Money
        /// What had been refunded before it; zero for the order itself.
        public let refundedBefore: Money
        /// The platform, the agents from the top down, the merchant.
        public let partyNos: [String]
        /// The channel's rate, and what each level below it pays: one more than there are levels
        /// that earn.
        public let rates: [Rate]
        /// The merchant's fee as it is stored: of a refund what it reverses, above zero; of an
        /// order that of its settlement, `nil` before, since its own column holds what refunds
        /// left.
        public let storedFee: Money?
        /// The settlement that it is in; `nil` before.
        public let settlementID: String?
    }

    let orderNos: [String]

    /// The orders' numbers.
    public init(_ orderNos: [String]) { self.orderNos = orderNos }

    public static let sql = """
        select o.order_no, '' as refund_no, o.merchant_no, o.product, o.amount_fen,
            0::bigint as before, o.chain_party_nos, o.chain_rates_ppm, i.merchant_fee_fen,
            o.settlement_id
        from orders o left join settlement_items i on i.order_no = o.order_no and i.refund_no = ''
        where o.order_no = any($1) and o.paid_at is not null
        union all
        select r.order_no, r.refund_no, r.merchant_no, o.product, r.amount_fen,
            r.refunded_before_fen, o.chain_party_nos, o.chain_rates_ppm, r.merchant_fee_fen,
            r.settlement_id
        from refunds r join orders o using (order_no)
        where r.order_no = any($1) and r.status = 'succeeded'
        order by order_no, before, refund_no
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNos) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), refundNo: try row.text(1), merchantNo: try row.text(2),
            product: try row.text(3), amount: try row.money(4), refundedBefore: try row.money(5),
            partyNos: try row.textArray(6), rates: try row.rateArray(7),
            storedFee: try row.moneyOrNull(8),
            settlementID: try row.textOrNull(9))
    }
}
