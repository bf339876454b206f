public import Payments
public import Postgres

/// Makes sure that the statement of a day will be fetched, from a time on.
public struct PlanStatementFetch: PostgresStatement {
    let channel: String
    let day: BusinessDay
    let firstAt: Timestamp

    /// - Parameter firstAt: when the channel has it, at the earliest.
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

/// Leases a statement that is due to be fetched.
public struct ClaimStatementFetch: PostgresStatement {
    /// A leased day.
    public struct Row: Sendable {
        /// Which day.
        public let day: BusinessDay
        /// Which attempt this is, from 1.
        public let attempt: Int32
        /// Whether the platform has orders that were paid on that day.
        public let hasPaidOrders: Bool
    }

    let channel: String
    let now: Timestamp

    /// One day of a channel.
    public init(channel: String, now: Timestamp) {
        self.channel = channel
        self.now = now
    }

    public static let sql = """
        update statement_fetches as f set attempt = f.attempt + 1,
            lease_until = clock_timestamp() + interval '300 seconds'
        from (
            select channel, day from statement_fetches
            where channel = $1 and next_attempt_at <= $2
                and (lease_until is null or lease_until < clock_timestamp())
            order by day limit 1 for update skip locked
        ) as due
        where f.channel = due.channel and f.day = due.day
        returning f.day::text, f.attempt, exists (select from orders o
            where o.paid_at >= f.day::timestamp at time zone 'Asia/Shanghai'
                and o.paid_at < (f.day + 1)::timestamp at time zone 'Asia/Shanghai')
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(channel)
        bindings.append(now)
    }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.businessDay(0), attempt: try row.int32(1),
            hasPaidOrders: try row.bool(2))
    }
}

/// Stores what came of fetching a statement.
public struct CompleteStatementFetch: PostgresStatement {
    let channel: String
    let day: BusinessDay
    let nextAt: Timestamp?
    let answer: String

    /// - Parameter nextAt: when it is tried again; `nil` once it is here.
    public init(channel: String, day: BusinessDay, nextAt: Timestamp?, answer: String) {
        self.channel = channel
        self.day = day
        self.nextAt = nextAt
        self.answer = answer
    }

    public static let sql = """
        update statement_fetches set next_attempt_at = $3, last_answer = $4, lease_until = null
        where channel = $1 and day = $2::text::date
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(channel)
        bindings.append(day)
        bindings.append(nextAt)
        bindings.append(answer)
    }
}
