public import Postgres

/// What a status line shows of a running stack: one row, read about once a second.
public struct LiveCounts: PostgresStatement {
    /// Counts since the database was made.
    public struct Row: Sendable, Equatable {
        /// Accepted orders.
        public var orders: Int64
        /// Refused submissions.
        public var rejected: Int64
        /// Orders that have been paid, refunded ones included.
        public var paid: Int64
        /// Orders without a final state.
        public var inProgress: Int64
        /// Refunds that succeeded.
        public var refunds: Int64
        /// Records of `callbacks.received` whose effect is stored.
        public var callbacks: Int64
        /// Deliveries to agents and merchants, acknowledged or not.
        public var deliveries: Int64
        /// Deliveries that their receiver acknowledged.
        public var acknowledged: Int64
        /// Open dead letters.
        public var deadLetters: Int64

        /// Counts by their names.
        public init(
            orders: Int64 = 0, rejected: Int64 = 0, paid: Int64 = 0, inProgress: Int64 = 0,
            refunds: Int64 = 0, callbacks: Int64 = 0, deliveries: Int64 = 0,
            acknowledged: Int64 = 0, deadLetters: Int64 = 0
        ) {
            self.orders = orders
            self.rejected = rejected
            self.paid = paid
            self.inProgress = inProgress
            self.refunds = refunds
            self.callbacks = callbacks
            self.deliveries = deliveries
            self.acknowledged = acknowledged
            self.deadLetters = deadLetters
        }
    }

    /// All of them.
    public init() {}

    public static let sql = """
        select o.orders, (select count(*) from order_rejections), o.paid, o.in_progress,
            (select count(*) from refunds where status = 'succeeded'),
            (select coalesce(sum(next_offset), 0)::bigint from consumer_offsets
                where topic = 'callbacks.received'),
            d.deliveries, d.acknowledged,
            (select count(*) from dead_letters where status = 'open')
        from (
            select count(*) as orders, count(*) filter (where paid_at is not null) as paid,
                count(*) filter (where status in ('accepted', 'paying')) as in_progress
            from orders) as o, (
            select count(*) as deliveries,
                count(*) filter (where status = 'acknowledged') as acknowledged
            from deliveries) as d
        """

    public func bind(_ bindings: inout PostgresBindings) {}

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orders: try row.int64(0), rejected: try row.int64(1), paid: try row.int64(2),
            inProgress: try row.int64(3), refunds: try row.int64(4), callbacks: try row.int64(5),
            deliveries: try row.int64(6), acknowledged: try row.int64(7),
            deadLetters: try row.int64(8))
    }
}
