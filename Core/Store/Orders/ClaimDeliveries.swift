public import Events
public import Payments
public import Postgres

/// Leases deliveries that are due, a bounded number of each party's: those of the party with the
/// fewest in flight first, then of the one that has waited longest; with the order as it is at that
/// moment.
///
/// Costs one index probe for each party that has deliveries pending, and one for each row leased:
/// how many rows a party has makes no difference.
public struct ClaimDeliveries: PostgresStatement {
    /// A leased delivery.
    public struct Row: Sendable {
        /// The `Tally-Delivery-Id`, the same for every attempt.
        public let id: EventID
        /// The event that it is about.
        public let eventID: String
        /// The event's type, for example `order.paid`.
        public let eventType: String
        /// The receiver's party number.
        public let partyNo: String
        /// The callback URL.
        public let url: String
        /// The attempt's number, from 1.
        public let attempt: Int32
        /// How many attempts had been made when an operator last sent it again; else 0.
        public let resentAfter: Int32
        /// The order of this moment.
        public let order: Order
        /// The refund of the event; `nil` where it is about no refund.
        public let refund: Refund?
    }

    /// What deliveries say of an order.
    public struct Order: Sendable {
        /// The platform's order number.
        public let orderNo: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The merchant's own order number.
        public let merchantOrderNo: String
        /// The payment product.
        public let product: Product
        /// The order's amount.
        public let amount: Money
        /// The sum of its succeeded refunds.
        public let refunded: Money
        /// Its status.
        public let status: OrderStatus
        /// 1 when accepted, one more with each change.
        public let version: Int32
        /// When it was paid; `nil` while it isn't.
        public let paidAt: Timestamp?
        /// The channel's trade number, once known.
        public let channelTradeNo: String?
        /// Text of the merchant's that is returned unchanged.
        public let attach: String?
        /// Whether it was paid after it had been closed.
        public let isLate: Bool
        /// Its W3C `traceparent`; `nil` where it has none.
        public let traceparent: String?

        /// An order as deliveries show it.
        public init(
            orderNo: String, merchantNo: String, merchantOrderNo: String, product: Product,
            amount: Money, refunded: Money, status: OrderStatus, version: Int32,
            paidAt: Timestamp?, channelTradeNo: String?, attach: String?, isLate: Bool,
            traceparent: String?
        ) {
            self.orderNo = orderNo
            self.merchantNo = merchantNo
            self.merchantOrderNo = merchantOrderNo
            self.product = product
            self.amount = amount
            self.refunded = refunded
            self.status = status
            self.version = version
            self.paidAt = paidAt
            self.channelTradeNo = channelTradeNo
            self.attach = attach
            self.isLate = isLate
            self.traceparent = traceparent
        }
    }

    /// What deliveries say of a refund.
    public struct Refund: Sendable {
        /// The platform's refund number.
        public let refundNo: String
        /// The merchant's own refund number; `nil` if the merchant didn't request it.
        public let merchantRefundNo: String?
        /// Its amount.
        public let amount: Money
    }

    /// What a party may have.
    public struct Room: Sendable, Equatable {
        let first: Int
        let beyond: Int
        let inFlight: Int

        /// - Parameters:
        ///   - first: how many more it may have in any case.
        ///   - beyond: how many more of what all parties share.
        ///   - inFlight: how many it has.
        public init(first: Int, beyond: Int, inFlight: Int) {
            self.first = first
            self.beyond = beyond
            self.inFlight = inFlight
        }
    }

    let limit: Int32
    let rooms: [String: Room]
    let roomOfOthers: Int32
    let roomBeyond: Int32
    let now: Timestamp

    /// - Parameters:
    ///   - limit: how many in all.
    ///   - rooms: of parties that have some in flight, have had lately, or are paused.
    ///   - roomOfOthers: how many of a party that isn't among `rooms`.
    ///   - roomBeyond: how many of all parties' `beyond` together.
    public init(
        limit: Int, rooms: [String: Room], roomOfOthers: Int, roomBeyond: Int, now: Timestamp
    ) {
        self.limit = Int32(limit)
        self.rooms = rooms
        self.roomOfOthers = Int32(roomOfOthers)
        self.roomBeyond = Int32(roomBeyond)
        self.now = now
    }

    public static let sql = """
        with recursive parties (party_no, due_at) as (
            (select party_no, next_attempt_at from deliveries where next_attempt_at is not null
                order by party_no, next_attempt_at limit 1)
            union all
            select n.party_no, n.next_attempt_at from parties p cross join lateral (
                select d.party_no, d.next_attempt_at from deliveries d
                where d.next_attempt_at is not null and d.party_no > p.party_no
                order by d.party_no, d.next_attempt_at limit 1) n
        ), fair as (
            select p.party_no, p.due_at, coalesce(k.in_flight, 0) as in_flight,
                coalesce(k.first, $5) as first, coalesce(k.beyond, 0) as beyond,
                coalesce(sum(k.beyond) over (order by coalesce(k.in_flight, 0), p.due_at, p.party_no
                    rows between unbounded preceding and 1 preceding), 0) as before
            from parties p left join unnest($3::text[], $4::int[], $6::int[], $7::int[])
                as k (party_no, first, beyond, in_flight) using (party_no)
            where p.due_at <= $1
        ), due as (
            select party_no, in_flight, due_at, least(
                first + greatest(0, least(beyond, $8 - before)), $2)::int as room
            from fair order by in_flight, due_at
        ), claimed as (
            update deliveries as t set attempt = t.attempt + 1,
                lease_until = clock_timestamp() + interval '\(Lease.deliveries.seconds) seconds'
            where t.delivery_id = any(array(
                select c.delivery_id from due cross join lateral (
                    select d.delivery_id from deliveries d
                    where d.party_no = due.party_no and d.next_attempt_at <= $1
                        and (d.lease_until is null or d.lease_until < clock_timestamp())
                    order by d.next_attempt_at limit due.room for update of d skip locked) c
                limit $2))
            returning t.*
        )
        select c.delivery_id, coalesce(c.event_id::text, c.payload::json ->> 'event_id', ''),
            c.event_type, c.party_no, c.url, c.attempt, c.resent_after, o.order_no, o.merchant_no,
            o.merchant_order_no, o.product, o.amount_fen, o.refunded_fen, o.status, o.version,
            o.paid_at, o.channel_trade_no, o.attach, o.is_late, o.traceparent, r.refund_no,
            r.merchant_refund_no, r.amount_fen
        from claimed c join orders o on o.order_no = c.order_no
            left join refunds r on c.refund_no <> '' and r.refund_no = c.refund_no
                and r.order_no = c.order_no
        order by c.next_attempt_at
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(limit)
        bindings.append(Array(rooms.keys))
        bindings.append(rooms.values.map { Int32(clamping: $0.first) })
        bindings.append(roomOfOthers)
        bindings.append(rooms.values.map { Int32(clamping: $0.beyond) })
        bindings.append(rooms.values.map { Int32(clamping: $0.inFlight) })
        bindings.append(roomBeyond)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        var refund: Refund?
        if let refundNo = try row.textOrNull(20) {
            refund = Refund(
                refundNo: refundNo, merchantRefundNo: try row.textOrNull(21),
                amount: try row.money(22))
        }
        return Row(
            id: EventID(try row.uuid(0)), eventID: try row.text(1), eventType: try row.text(2),
            partyNo: try row.text(3), url: try row.text(4), attempt: try row.int32(5),
            resentAfter: try row.int32(6),
            order: Order(
                orderNo: try row.text(7), merchantNo: try row.text(8),
                merchantOrderNo: try row.text(9), product: try row.product(10),
                amount: try row.money(11), refunded: try row.money(12),
                status: try row.orderStatus(13), version: try row.int32(14),
                paidAt: try row.timeOrNull(15), channelTradeNo: try row.textOrNull(16),
                attach: try row.textOrNull(17), isLate: try row.bool(18),
                traceparent: try row.textOrNull(19)), refund: refund)
    }
}
