public import Payments
public import Postgres

/// What an order's fees and shares were computed from, and what is stored of them: a row for the
/// order, and one for each refund that took effect, in the order in which they did.
public struct FeesOfOrder: PostgresStatement {
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
        /// The merchant's fee as it is stored; `nil` for an order, whose column holds what is left
        /// after refunds.
        public let storedFee: Money?
        /// The settlement that it is in; `nil` before.
        public let settlementID: String?
    }

    let orderNo: String

    /// - Parameter orderNo: a paid order's number.
    public init(_ orderNo: String) { self.orderNo = orderNo }

    public static let sql = """
        select o.order_no, '' as refund_no, o.merchant_no, o.product, o.amount_fen,
            0::bigint as before, o.chain_party_nos, o.chain_rates_ppm, i.merchant_fee_fen,
            o.settlement_id
        from orders o left join settlement_items i on i.order_no = o.order_no and i.refund_no = ''
        where o.order_no = $1 and o.paid_at is not null
        union all
        select r.order_no, r.refund_no, r.merchant_no, o.product, r.amount_fen,
            r.refunded_before_fen, o.chain_party_nos, o.chain_rates_ppm, r.merchant_fee_fen,
            r.settlement_id
        from refunds r join orders o using (order_no)
        where r.order_no = $1 and r.status = 'succeeded'
        order by before, refund_no
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNo) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        var rates: [Rate] = []
        for ppm in try row.int32Array(7) {
            guard let rate = try? Rate(ppm: Int64(ppm)) else {
                throw PostgresError.decoding("a rate outside 0 to 1,000,000 ppm is stored")
            }
            rates.append(rate)
        }
        return Row(
            orderNo: try row.text(0), refundNo: try row.text(1), merchantNo: try row.text(2),
            product: try row.text(3), amount: try row.money(4), refundedBefore: try row.money(5),
            partyNos: try row.textArray(6), rates: rates, storedFee: try row.moneyOrNull(8),
            settlementID: try row.textOrNull(9))
    }
}
