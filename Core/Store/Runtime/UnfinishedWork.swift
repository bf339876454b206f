public import Payments
public import Postgres

/// The work that is due or in progress at a business time: a played day's clock waits until there
/// is none.
public struct UnfinishedWork: PostgresStatement {
    /// Counts by kind.
    public struct Row: Sendable, Equatable {
        /// Outbox rows not published yet.
        public let outbox: Int64
        /// Deliveries due.
        public let deliveries: Int64
        /// Orders whose inquiry is due.
        public let inquiries: Int64
        /// Refunds due to be requested or queried.
        public let refunds: Int64
        /// Payouts due to be sent or queried.
        public let payouts: Int64
        /// Statements due to be fetched or reconciled; an incomplete one isn't due before it is
        /// fetched again.
        public let statements: Int64

        /// Whether nothing is due or in progress.
        public var isNone: Bool {
            outbox + deliveries + inquiries + refunds + payouts + statements == 0
        }
    }

    let now: Timestamp

    /// - Parameter now: business time.
    public init(now: Timestamp) { self.now = now }

    public static let sql = """
        select (select count(*) from outbox),
            (select count(*) from deliveries where next_attempt_at <= $1),
            (select count(*) from orders where next_inquiry_at <= $1),
            (select count(*) from refunds where next_attempt_at <= $1)
                + (select count(*) from refund_reports where next_attempt_at <= $1),
            (select count(*) from payouts where next_attempt_at <= $1),
            (select count(*) from statements s
                where not exists (
                    select from reconciliations r where r.statement_id = s.statement_id)
                and not exists (
                    select from statement_fetches f
                    where f.channel = s.channel and f.day = s.day and f.next_attempt_at > $1))
                + (select count(*) from statement_fetches where next_attempt_at <= $1)
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(now) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            outbox: try row.int64(0), deliveries: try row.int64(1),
            inquiries: try row.int64(2), refunds: try row.int64(3), payouts: try row.int64(4),
            statements: try row.int64(5))
    }
}

/// Every worker's stored offsets.
public struct AllStoredOffsets: PostgresStatement {
    /// One partition of one worker.
    public struct Row: Sendable, Equatable {
        /// The worker's name.
        public let worker: String
        /// The topic.
        public let topic: String
        /// The partition.
        public let partition: Int32
        /// The offset of the first record whose effect isn't stored yet.
        public let nextOffset: Int64
        /// Why the partition is paused; `nil` where it is read.
        public let pauseReason: PauseReason?
    }

    /// Of every worker.
    public init() {}
    public static let sql = """
        select worker, topic, partition, next_offset, paused_reason from consumer_offsets
        order by worker, topic, partition
        """
    public func bind(_ bindings: inout PostgresBindings) {}
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            worker: try row.text(0), topic: try row.text(1), partition: try row.int32(2),
            nextOffset: try row.int64(3), pauseReason: try row.pauseReason(4))
    }
}
