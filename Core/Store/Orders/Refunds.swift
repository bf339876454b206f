import Events
public import Payments
public import Postgres

/// A refund's row.
public struct RefundRow: Sendable, Equatable {
    /// The platform's refund number; the channel's request number.
    public let refundNo: String
    /// The order that it refunds a part of.
    public let orderNo: String
    /// The merchant's own refund number; `nil` if the merchant didn't request it.
    public let merchantRefundNo: String?
    /// The refund's amount.
    public let amount: Money
    /// `requested`, `succeeded` or `failed`.
    public let status: String
    /// Why it failed; `nil` if it didn't.
    public let failure: String?
    /// When it was requested.
    public let requestedAt: Timestamp
    /// When it took effect at the channel, or failed.
    public let completedAt: Timestamp?

    static let columns = """
        refund_no, order_no, merchant_refund_no, amount_fen, status, failure, requested_at,
        completed_at
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> RefundRow {
        RefundRow(
            refundNo: try row.text(0), orderNo: try row.text(1),
            merchantRefundNo: try row.textOrNull(2), amount: try row.money(3),
            status: try row.text(4), failure: try row.textOrNull(5),
            requestedAt: try row.time(6), completedAt: try row.timeOrNull(7))
    }
}

/// The refunds of some orders.
public struct RefundsOfOrders: PostgresStatement {
    let orderNos: [String]

    /// All refunds of these orders, of every status.
    public init(_ orderNos: [String]) { self.orderNos = orderNos }

    public static let sql = """
        select \(RefundRow.columns) from refunds where order_no = any($1) order by requested_at,
            refund_no
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNos) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> RefundRow {
        try RefundRow.decode(row)
    }
}

/// A refund by the merchant's number.
public struct RefundByMerchantNo: PostgresStatement {
    let merchantNo: String
    let merchantRefundNo: String

    /// The natural key.
    public init(merchantNo: String, merchantRefundNo: String) {
        self.merchantNo = merchantNo
        self.merchantRefundNo = merchantRefundNo
    }

    public static let sql = """
        select \(RefundRow.columns) from refunds
        where merchant_no = $1 and merchant_refund_no = $2
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(merchantNo)
        bindings.append(merchantRefundNo)
    }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> RefundRow {
        try RefundRow.decode(row)
    }
}

/// Stores a merchant's request for a refund; the refund sweep sends it to the channel. A row if it
/// was stored.
///
/// It isn't stored where the number is used or the order has less left to refund.
public struct RequestRefund: PostgresStatement {
    let refundNo: String
    let orderNo: String
    let merchantNo: String
    let merchantRefundNo: String
    let amount: Money
    let reason: String
    let now: Timestamp

    /// A verified request; the order's row must be locked.
    public init(
        refundNo: String, orderNo: String, merchantNo: String, merchantRefundNo: String,
        amount: Money, reason: String, now: Timestamp
    ) {
        self.refundNo = refundNo
        self.orderNo = orderNo
        self.merchantNo = merchantNo
        self.merchantRefundNo = merchantRefundNo
        self.amount = amount
        self.reason = reason
        self.now = now
    }

    public static let sql = """
        insert into refunds (refund_no, order_no, merchant_no, merchant_refund_no, amount_fen,
            reason, origin, status, requested_at, next_attempt_at)
        select $1, $2, $3, $4, $5, $6, 'merchant', 'requested', $7, $7
        from orders o where o.order_no = $2 and o.amount_fen >= $5
            + greatest(o.refunded_fen, o.reported_refund_fen,
                (select coalesce(sum(amount_fen), 0)::bigint from refunds r
                    where r.order_no = $2 and r.status <> 'failed'))
        on conflict do nothing
        returning \(RefundRow.columns)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(refundNo)
        bindings.append(orderNo)
        bindings.append(merchantNo)
        bindings.append(merchantRefundNo)
        bindings.append(amount)
        bindings.append(reason)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> RefundRow {
        try RefundRow.decode(row)
    }
}

/// Stores that refunds took effect, each with the fees that it reverses, and that a report of it is
/// proven. A refund that the platform didn't request (made in the channel's own console) becomes a
/// new row.
public struct CompleteRefunds: PostgresStatement {
    /// A refund that took effect.
    public struct Completion: Sendable {
        let refundNo: String
        let orderNo: String
        let merchantNo: String
        let amount: Money
        let refundedBefore: Money
        let reversal: FeeSplit
        let at: Timestamp

        /// - Parameters:
        ///   - refundedBefore: the sum of the order's refunds before this one.
        ///   - reversal: the fees that it reverses.
        public init(
            refundNo: String, orderNo: String, merchantNo: String, amount: Money,
            refundedBefore: Money, reversal: FeeSplit, at: Timestamp
        ) {
            self.refundNo = refundNo
            self.orderNo = orderNo
            self.merchantNo = merchantNo
            self.amount = amount
            self.refundedBefore = refundedBefore
            self.reversal = reversal
            self.at = at
        }
    }

    let completions: [Completion]

    /// The refunds of a batch, each once.
    public init(_ completions: [Completion]) { self.completions = completions }

    public static let sql = """
        with proven as (
            update refund_reports p
            set status = 'proven', next_attempt_at = null, lease_until = null
            from unnest($1::text[], $2::text[]) as n (refund_no, order_no)
            where p.order_no = n.order_no and p.refund_no = n.refund_no
        )
        insert into refunds as r (refund_no, order_no, merchant_no, amount_fen, origin, status,
            refunded_before_fen, merchant_fee_fen, channel_fee_fen, agent_share_fen,
            platform_share_fen, requested_at, completed_at)
        select refund_no, order_no, merchant_no, amount, 'channel', 'succeeded', before,
            merchant_fee, channel_fee, agent_share, platform_share, at, at
        from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[],
            $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::timestamptz[])
            as n (refund_no, order_no, merchant_no, amount, before, merchant_fee, channel_fee,
            agent_share, platform_share, at)
        on conflict (order_no, refund_no) do update
        set status = 'succeeded', completed_at = excluded.completed_at, next_attempt_at = null,
            failure = null,
            refunded_before_fen = excluded.refunded_before_fen,
            merchant_fee_fen = excluded.merchant_fee_fen,
            channel_fee_fen = excluded.channel_fee_fen,
            agent_share_fen = excluded.agent_share_fen,
            platform_share_fen = excluded.platform_share_fen
        where r.status <> 'succeeded'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(completions.map(\.refundNo))
        bindings.append(completions.map(\.orderNo))
        bindings.append(completions.map(\.merchantNo))
        bindings.append(completions.map(\.amount))
        bindings.append(completions.map(\.refundedBefore))
        bindings.append(completions.map(\.reversal.merchantFee))
        bindings.append(completions.map(\.reversal.channelFee))
        bindings.append(completions.map(\.reversal.agentShare))
        bindings.append(completions.map(\.reversal.platformShare))
        bindings.append(completions.map(\.at))
    }

}
