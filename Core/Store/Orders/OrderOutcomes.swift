public import Payments
public import Postgres

/// The outcome of submissions by the merchants' numbers: a row for each number, unknown ones too.
public struct OrderOutcomes: PostgresStatement {
    /// One number's order and rejection; both where other content came under a used number.
    public struct Row: Sendable, Equatable {
        /// The merchant's number of the order.
        public let merchantOrderNo: String
        /// The order's state; `nil` where none was accepted.
        public let status: String?
        /// Whether it was paid after it had been closed.
        public let isLate: Bool
        /// What made it paid: `notify` or `inquiry`; `nil` where it isn't paid.
        public let paidBy: String?
        /// The code of the last rejection of that number.
        public let rejection: String?

        /// One number's order and rejection.
        public init(
            merchantOrderNo: String, status: String?, isLate: Bool = false, paidBy: String? = nil,
            rejection: String? = nil
        ) {
            self.merchantOrderNo = merchantOrderNo
            self.status = status
            self.isLate = isLate
            self.paidBy = paidBy
            self.rejection = rejection
        }
    }

    let merchantNos: [String]
    let merchantOrderNos: [String]

    /// - Parameter numbers: a merchant and its number of an order, each.
    public init(_ numbers: [(merchantNo: String, merchantOrderNo: String)]) {
        merchantNos = numbers.map(\.merchantNo)
        merchantOrderNos = numbers.map(\.merchantOrderNo)
    }

    public static let sql = """
        select n.merchant_order_no, o.status, coalesce(o.is_late, false), e.origin, r.code
        from unnest($1::text[], $2::text[]) as n (merchant_no, merchant_order_no)
        left join orders o using (merchant_no, merchant_order_no)
        left join order_events e on e.order_no = o.order_no and e.event_type = 'order.paid'
        left join lateral (
            select code from order_rejections j
            where j.merchant_no = n.merchant_no and j.merchant_order_no = n.merchant_order_no
            order by rejected_at desc limit 1) as r on true
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(merchantNos)
        bindings.append(merchantOrderNos)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            merchantOrderNo: try row.text(0), status: try row.textOrNull(1),
            isLate: try row.bool(2), paidBy: try row.textOrNull(3), rejection: try row.textOrNull(4)
        )
    }
}

/// Every order's state, for a check of a played day: it reads the whole table.
public struct OrderStates: PostgresStatement {
    /// An order's state.
    public struct Row: Sendable, Equatable {
        /// The platform's order number.
        public let orderNo: String
        /// The current status.
        public let status: OrderStatus
        /// The order's amount.
        public let amount: Money
        /// The sum of its refunds.
        public let refunded: Money
        /// Until when it can be paid.
        public let expiresAt: Timestamp

        /// An order's state by its parts.
        public init(
            orderNo: String, status: OrderStatus, amount: Money, refunded: Money,
            expiresAt: Timestamp
        ) {
            self.orderNo = orderNo
            self.status = status
            self.amount = amount
            self.refunded = refunded
            self.expiresAt = expiresAt
        }
    }

    /// All of them.
    public init() {}

    public static let sql =
        "select order_no, status, amount_fen, refunded_fen, expires_at from orders"

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), status: try row.orderStatus(1), amount: try row.money(2),
            refunded: try row.money(3), expiresAt: try row.time(4))
    }
}

/// Deliveries, dead letters, differences and payouts of the database by how they ended.
public struct OutcomeCounts: PostgresStatement {
    /// How many ended alike.
    public struct Row: Sendable, Equatable {
        /// `delivery`, `dead_letter`, `difference` or `payout`.
        public let subject: String
        /// A dead letter's reason, a difference's kind, why a payout failed; else `first` or
        /// `retried`, after the number of attempts.
        public let kind: String
        /// Its state.
        public let status: String
        /// How many.
        public let count: Int64

        /// How many ended alike.
        public init(subject: String, kind: String, status: String, count: Int64) {
            self.subject = subject
            self.kind = kind
            self.status = status
            self.count = count
        }
    }

    /// All of them.
    public init() {}

    public static let sql = """
        select 'delivery', case when attempt > 1 then 'retried' else 'first' end, status, count(*)
        from deliveries group by 2, 3
        union all
        select 'dead_letter', reason, status, count(*) from dead_letters group by 2, 3
        union all
        select 'difference', kind, status, count(*) from differences group by 2, 3
        union all
        select 'payout', coalesce(reason, case when attempt > 1 then 'retried' else 'first' end),
            status, count(*)
        from payouts group by 2, 3
        order by 1, 2, 3
        """

    public func bind(_ bindings: inout PostgresBindings) {}

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            subject: try row.text(0), kind: try row.text(1), status: try row.text(2),
            count: try row.int64(3))
    }
}
