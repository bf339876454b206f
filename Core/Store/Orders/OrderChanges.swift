public import Events
public import Payments
public import Postgres

/// An order with its state, its row locked until the transaction ends.
public struct LockedOrder: Sendable {
    /// The platform's order number.
    public let orderNo: String
    /// The merchant's party number.
    public let merchantNo: String
    /// The merchant's own order number.
    public let merchantOrderNo: String
    /// The payment product.
    public let product: Product
    /// Where this order's deliveries to the merchant go; `nil` for the merchant's callback URL.
    public let notifyURL: String?
    /// Text that deliveries carry unchanged.
    public let attach: String?
    /// The party numbers of the platform, the agents from the top, and the merchant.
    public let chainPartyNos: [String]
    /// The rates of the channel, the agents from the top, and the merchant.
    public let chainRates: [Rate]
    /// The state of the order.
    public var state: OrderState
    /// 1 when accepted, one more with each change.
    public var version: Int
    /// The fields that an observation must match.
    public let expected: ExpectedOrder
    /// The order's W3C `traceparent`; `nil` where it has none.
    public let traceparent: String?
}

/// Locks orders in the order of their numbers, so that two transactions can't deadlock.
public struct LockOrders: PostgresStatement {
    let orderNos: [String]

    /// The orders of a batch; an unknown number has no row.
    public init(_ orderNos: [String]) { self.orderNos = orderNos }

    public static let sql = """
        select o.order_no, merchant_no, merchant_order_no, product, amount_fen, notify_url, attach,
            chain_party_nos, chain_rates_ppm::bigint[], status, refunded_fen, is_late, version,
            channel_trade_no, paid_at, closed_at, app_id, seller_id, expires_at,
            traceparent, reported_refund_fen, coalesce(made.numbers, '{}'),
            coalesce(made.amounts, '{}'), coalesce(made.requested, '{}'),
            coalesce(made.requested_amounts, '{}'),
            array(select refund_no from refund_reports p
                where p.order_no = o.order_no and p.status <> 'proven'),
            coalesce(made.failed, '{}'), coalesce(made.failed_amounts, '{}')
        from orders o cross join lateral (
            select array_agg(refund_no order by refund_no)
                    filter (where status = 'succeeded') as numbers,
                array_agg(amount_fen order by refund_no)
                    filter (where status = 'succeeded') as amounts,
                array_agg(refund_no order by refund_no)
                    filter (where status = 'requested') as requested,
                array_agg(amount_fen order by refund_no)
                    filter (where status = 'requested') as requested_amounts,
                array_agg(refund_no order by refund_no)
                    filter (where status = 'failed') as failed,
                array_agg(amount_fen order by refund_no)
                    filter (where status = 'failed') as failed_amounts
            from refunds r where r.order_no = o.order_no) as made
        where order_no = any($1) order by order_no for update of o
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNos) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> LockedOrder {
        let orderNo = try row.text(0)
        let amount = try row.money(4)
        var rates: [Rate] = []
        for ppm in try row.int64Array(8) {
            guard let rate = try? Rate(ppm: ppm) else {
                throw PostgresError.decoding("order \(orderNo) holds the rate \(ppm) ppm")
            }
            rates.append(rate)
        }
        let refunds = try amounts(row, 21)
        let state = OrderState(
            status: try row.orderStatus(9), amount: amount, refunded: try row.money(10),
            paidAt: try row.timeOrNull(14), closedAt: try row.timeOrNull(15),
            channelTradeNo: try row.textOrNull(13), isLate: try row.bool(11),
            refunds: refunds,
            reportedRefunds: Set(try row.textArray(25)), reportedSum: try row.money(20))
        return LockedOrder(
            orderNo: orderNo, merchantNo: try row.text(1), merchantOrderNo: try row.text(2),
            product: try row.product(3), notifyURL: try row.textOrNull(5),
            attach: try row.textOrNull(6), chainPartyNos: try row.textArray(7),
            chainRates: rates, state: state, version: Int(try row.int32(12)),
            expected: ExpectedOrder(
                orderNo: orderNo, amount: amount, appID: try row.text(16),
                sellerID: try row.text(17), expiresAt: try row.time(18),
                requestedRefunds: try amounts(row, 23), failedRefunds: try amounts(row, 26)),
            traceparent: try row.textOrNull(19))
    }

    /// Amounts by refund number, of a column with the numbers and one with the amounts.
    private static func amounts(
        _ row: PostgresRow, _ column: Int
    ) throws(PostgresError) -> [String: Money] {
        let pairs = zip(
            try row.textArray(column), try row.int64Array(column + 1).map { Money(fen: $0) })
        return Dictionary(pairs) { first, _ in first }
    }
}

/// Stores the state of locked orders; inquiries end once the order isn't in progress.
public struct UpdateOrders: PostgresStatement {
    /// An order with its new state and fees.
    public struct Change: Sendable {
        let order: LockedOrder
        let net: FeeSplit

        /// - Parameter net: the fees of the part that isn't refunded.
        public init(order: LockedOrder, net: FeeSplit) {
            self.order = order
            self.net = net
        }
    }

    let changes: [Change]

    /// The orders that changed, each once.
    public init(_ changes: [Change]) { self.changes = changes }

    public static let sql = """
        update orders as o
        set status = n.status, refunded_fen = n.refunded, is_late = n.is_late,
            version = n.version, channel_trade_no = n.trade_no, paid_at = n.paid_at,
            closed_at = n.closed_at, merchant_fee_fen = n.merchant_fee,
            channel_fee_fen = n.channel_fee, agent_share_fen = n.agent_share,
            platform_share_fen = n.platform_share, reported_refund_fen = n.reported,
            next_inquiry_at =
                case when n.status in ('accepted', 'paying') then o.next_inquiry_at end
        from unnest($1::text[], $2::text[], $3::bigint[], $4::bool[], $5::int[], $6::text[],
            $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::bigint[], $11::bigint[],
            $12::bigint[], $13::bigint[])
            as n (order_no, status, refunded, is_late, version, trade_no, paid_at, closed_at,
            merchant_fee, channel_fee, agent_share, platform_share, reported)
        where o.order_no = n.order_no
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(changes.map(\.order.orderNo))
        bindings.append(changes.map(\.order.state.status.rawValue))
        bindings.append(changes.map(\.order.state.refunded))
        bindings.append(changes.map(\.order.state.isLate))
        bindings.append(changes.map { Int32($0.order.version) })
        bindings.append(changes.map(\.order.state.channelTradeNo))
        bindings.append(changes.map(\.order.state.paidAt))
        bindings.append(changes.map(\.order.state.closedAt))
        bindings.append(changes.map(\.net.merchantFee))
        bindings.append(changes.map(\.net.channelFee))
        bindings.append(changes.map(\.net.agentShare))
        bindings.append(changes.map(\.net.platformShare))
        bindings.append(changes.map(\.order.state.reportedSum))
    }

}

/// Stores orders' changes: their timelines.
public struct InsertOrderEvents: PostgresStatement {
    /// One change of an order.
    public struct Entry: Sendable {
        let orderNo: String
        let version: Int
        let eventID: EventID
        let eventType: String
        let origin: String
        let detail: String
        let at: Timestamp

        /// - Parameter at: when it happened, by the channel where known.
        public init(
            orderNo: String, version: Int, eventID: EventID, eventType: String, origin: String,
            detail: String, at: Timestamp
        ) {
            self.orderNo = orderNo
            self.version = version
            self.eventID = eventID
            self.eventType = eventType
            self.origin = origin
            self.detail = detail
            self.at = at
        }
    }

    let entries: [Entry]
    let now: Timestamp

    /// - Parameter now: when they are recorded.
    public init(_ entries: [Entry], now: Timestamp) {
        self.entries = entries
        self.now = now
    }

    public static let sql = """
        insert into order_events
            (order_no, version, event_id, event_type, origin, detail, at, recorded_at)
        select *, $8 from unnest($1::text[], $2::int[], $3::uuid[], $4::text[], $5::text[],
            $6::text[], $7::timestamptz[])
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(entries.map(\.orderNo))
        bindings.append(entries.map { Int32($0.version) })
        bindings.append(entries.map(\.eventID.uuid))
        bindings.append(entries.map(\.eventType))
        bindings.append(entries.map(\.origin))
        bindings.append(entries.map(\.detail))
        bindings.append(entries.map(\.at))
        bindings.append(now)
    }

}
