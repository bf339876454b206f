public import Payments
public import Postgres

/// Schedules the fetch of a day's statement; a day that is scheduled isn't changed.
public struct PlanStatementFetch: PostgresStatement {
    let channel: String
    let day: BusinessDay
    let firstAt: Timestamp

    /// - Parameter firstAt: when the channel has it at the earliest.
    public init(channel: String, day: BusinessDay, firstAt: Timestamp) {
        self.channel = channel
        self.day = day
        self.firstAt = firstAt
    }

    public static let sql = """
        insert into statement_fetches (channel, day, next_attempt_at)
        values ($1, $2::text::date, $3) on conflict do nothing
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(channel)
        bindings.append(day)
        bindings.append(firstAt)
    }
}

/// Makes the fetch of a day's statement due now, also of one that is stored: a file that is known
/// changes nothing, a corrected one is a new version. A row unless it is being fetched.
public struct RequestStatementFetch: PostgresStatement {
    let channel: String
    let day: BusinessDay
    let actor: String
    let now: Timestamp

    /// - Parameter day: one that has ended.
    public init(channel: String, day: BusinessDay, actor: String, now: Timestamp) {
        self.channel = channel
        self.day = day
        self.actor = actor
        self.now = now
    }

    public static let sql = """
        with due as (
            insert into statement_fetches as f (channel, day, next_attempt_at)
            values ($1, $2::text::date, $3)
            on conflict (channel, day) do update set next_attempt_at = excluded.next_attempt_at
            where f.lease_until is null or f.lease_until < clock_timestamp()
            returning day
        )
        insert into audit_log (actor, action, subject, at)
        select $4, 'statement.fetch', $1 || ' ' || day, $3 from due
        returning subject
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(channel)
        bindings.append(day)
        bindings.append(now)
        bindings.append(actor)
    }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Leases a statement that is due to be fetched.
public struct ClaimStatementFetch: PostgresStatement {
    /// A leased day.
    public struct Row: Sendable {
        /// The statement's day.
        public let day: BusinessDay
        /// The attempt's number, from 1.
        public let attempt: Int32
        /// Whether orders of the channel were paid on that day.
        public let hasPaidOrders: Bool
    }

    let channel: String
    let now: Timestamp

    /// The channel's earliest due day.
    public init(channel: String, now: Timestamp) {
        self.channel = channel
        self.now = now
    }

    public static let sql = Lease.statementFetches.claim(
        returning: """
            t.day::text, t.attempt, exists (select from orders o
                where o.channel = t.channel
                    and o.paid_at >= t.day::timestamp at time zone 'Asia/Shanghai'
                    and o.paid_at < (t.day + 1)::timestamp at time zone 'Asia/Shanghai')
            """)
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(Int32(1))
        bindings.append(channel)
    }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.businessDay(0), attempt: try row.int32(1),
            hasPaidOrders: try row.bool(2))
    }
}

/// Stores a fetch's outcome, if the lease's attempt is still the current one.
public struct CompleteStatementFetch: PostgresStatement {
    let channel: String
    let day: BusinessDay
    let attempt: Int32
    let nextAt: Timestamp?
    let answer: String

    /// - Parameters:
    ///   - attempt: the lease's.
    ///   - nextAt: when it is fetched again; `nil` once it is imported.
    ///   - answer: what the fetch ended with, for operators.
    public init(
        channel: String, day: BusinessDay, attempt: Int32, nextAt: Timestamp?, answer: String
    ) {
        self.channel = channel
        self.day = day
        self.attempt = attempt
        self.nextAt = nextAt
        self.answer = answer
    }

    public static let sql = """
        update statement_fetches set next_attempt_at = $4, last_answer = $5,
            \(Lease.statementFetches.release)
        where channel = $3 and day = $1::text::date and attempt = $2
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(day)
        bindings.append(attempt)
        bindings.append(channel)
        bindings.append(nextAt)
        bindings.append(answer)
    }
}
