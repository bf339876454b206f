public import Payments
public import Postgres

/// An order's timeline, oldest first: its changes, the calls to the channel, its refunds, the
/// attempts of its deliveries, its match, its settlement and the payout.
public struct OrderSteps: PostgresStatement {
    /// What a step is about; the texts beside it are `name`, `other` and `text`.
    public enum Kind: String, Sendable, CaseIterable {
        /// A change: event type, origin, detail.
        case event
        /// The merchant requested a close.
        case closeRequested = "close_requested"
        /// A call to the channel: method, refund number or none, answer; number is the attempt.
        case inquiry
        /// A refund was requested: its number, its origin, the merchant's number; number is fen.
        case refundRequested = "refund_requested"
        /// The channel reported a refund that wasn't known: its number, the report's status.
        case refundReported = "refund_reported"
        /// A refund took effect: its number, its origin; number is fen.
        case refundSucceeded = "refund_succeeded"
        /// A refund was refused for good: its number, its origin, the reason; number is fen.
        case refundFailed = "refund_failed"
        /// A delivery's attempt: event type, party, error or none; number is the attempt.
        case delivery
        /// A statement had it: the statement's day.
        case matched
        /// A settlement has it: the settlement's number, its day.
        case settled
        /// Its settlement's payout was requested: the payout's number; number is fen.
        case payoutRequested = "payout_requested"
        /// That payout ended: the payout's number, its status, the reason; number is fen.
        case payoutCompleted = "payout_completed"
    }

    /// One step.
    public struct Row: Sendable {
        /// When it was recorded.
        public let at: Timestamp
        /// What it is about.
        public let kind: Kind
        /// By the kind.
        public let name: String
        /// By the kind.
        public let other: String
        /// By the kind.
        public let text: String
        /// By the kind.
        public let number: Int64

        /// A step by its parts.
        public init(
            at: Timestamp, kind: Kind, name: String = "", other: String = "", text: String = "",
            number: Int64 = 0
        ) {
            self.at = at
            self.kind = kind
            self.name = name
            self.other = other
            self.text = text
            self.number = number
        }
    }

    let orderNo: String
    /// The order's number.
    public init(_ orderNo: String) { self.orderNo = orderNo }

    public static let sql = """
        select recorded_at, 'event', event_type, origin, detail, version::bigint
        from order_history where order_no = $1 and event_type <> 'order.refunded'
        union all
        select close_requested_at, 'close_requested', '', '', '', 0
        from orders where order_no = $1 and close_requested_at is not null
        union all
        select at, 'inquiry', method, refund_no, answer, attempt
        from inquiries where order_no = $1
        union all
        select requested_at, 'refund_requested', refund_no, origin,
            coalesce(merchant_refund_no, ''), amount_fen
        from refunds where order_no = $1 and origin <> 'channel'
        union all
        select completed_at, 'refund_' || status, refund_no, origin, coalesce(failure, ''),
            amount_fen
        from refunds where order_no = $1 and status <> 'requested'
        union all
        select reported_at, 'refund_reported', refund_no, status, '', attempt
        from refund_reports where order_no = $1
        union all
        select a.at, 'delivery', d.event_type, d.party_no, coalesce(a.error, ''), a.attempt
        from deliveries d join delivery_attempts a using (delivery_id) where d.order_no = $1
        union all
        select s.completed_at, 'matched', s.day::text, '', '', 0
        from orders o join statements s on s.statement_id = o.matched_statement_id
        where o.order_no = $1 and s.completed_at is not null
        union all
        select t.settled_at, 'settled', t.settlement_id, t.day::text, '', 0
        from orders o join settlements t using (settlement_id) where o.order_no = $1
        union all
        select p.requested_at, 'payout_requested', p.payout_no, '', '', p.amount_fen
        from orders o join payouts p using (settlement_id) where o.order_no = $1
        union all
        select p.completed_at, 'payout_completed', p.payout_no, p.status, coalesce(p.reason, ''),
            p.amount_fen
        from orders o join payouts p using (settlement_id)
        where o.order_no = $1 and p.completed_at is not null
        order by 1, 2, 3
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let kind = try row.text(1)
        guard let known = Kind(rawValue: kind) else {
            throw PostgresError.decoding("a step of an order has the unknown kind \(kind)")
        }
        return Row(
            at: try row.time(0), kind: known, name: try row.text(2), other: try row.text(3),
            text: try row.text(4), number: try row.int64(5))
    }
}

/// What else decides where an order is and who has its money.
public struct OrderFacts: PostgresStatement {
    /// An order's facts.
    public struct Row: Sendable {
        /// When its merchant requested a close.
        public let closeRequestedAt: Timestamp?
        /// The largest sum of refunds that the channel has reported.
        public let reportedRefund: Money
        /// The day of the statement that it was matched with, `YYYY-MM-DD`.
        public let matchedDay: String?
        /// The settlement that holds it.
        public let settlementID: String?
        /// That settlement's payout.
        public let payoutNo: String?
        /// That payout's status: `requested`, `processing`, `succeeded` or `failed`.
        public let payoutStatus: String?
        /// The last answer of the channel about the order; `nil` where none was recorded.
        public let lastAnswer: String?

        /// An order's facts by their parts.
        public init(
            closeRequestedAt: Timestamp? = nil, reportedRefund: Money = .zero,
            matchedDay: String? = nil, settlementID: String? = nil, payoutNo: String? = nil,
            payoutStatus: String? = nil, lastAnswer: String? = nil
        ) {
            self.closeRequestedAt = closeRequestedAt
            self.reportedRefund = reportedRefund
            self.matchedDay = matchedDay
            self.settlementID = settlementID
            self.payoutNo = payoutNo
            self.payoutStatus = payoutStatus
            self.lastAnswer = lastAnswer
        }
    }

    let orderNo: String
    /// The order's number.
    public init(_ orderNo: String) { self.orderNo = orderNo }

    public static let sql = """
        select o.close_requested_at, o.reported_refund_fen, o.matched_day::text, o.settlement_id,
            p.payout_no, p.status,
            (select answer from inquiries i where i.order_no = o.order_no and i.refund_no = ''
                order by at desc, attempt desc limit 1)
        from orders o left join payouts p on p.settlement_id = o.settlement_id
            and not exists (select from payouts n where n.reissue_of = p.payout_no)
        where o.order_no = $1
        """
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(orderNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            closeRequestedAt: try row.timeOrNull(0), reportedRefund: try row.money(1),
            matchedDay: try row.textOrNull(2), settlementID: try row.textOrNull(3),
            payoutNo: try row.textOrNull(4), payoutStatus: try row.textOrNull(5),
            lastAnswer: try row.textOrNull(6))
    }
}
