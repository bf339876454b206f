public import Events
public import Payments
public import Postgres

/// Stores the deliveries of order changes, one for each party and event; a repeated one is dropped.
public struct InsertDeliveries: PostgresStatement {
    /// A new delivery.
    public struct New: Sendable {
        let id: EventID
        let eventID: EventID
        let orderNo: String
        let partyNo: String
        let eventType: String
        let refundNo: String
        let url: String
        let receiver: String

        /// - Parameters:
        ///   - eventID: the event that it is about.
        ///   - refundNo: empty where the event isn't a refund.
        ///   - receiver: the party at its host and port.
        public init(
            id: EventID, eventID: EventID, orderNo: String, partyNo: String, eventType: String,
            refundNo: String, url: String, receiver: String
        ) {
            self.id = id
            self.eventID = eventID
            self.orderNo = orderNo
            self.partyNo = partyNo
            self.eventType = eventType
            self.refundNo = refundNo
            self.url = url
            self.receiver = receiver
        }
    }

    let deliveries: [New]
    let now: Timestamp

    /// The deliveries of a batch; the first attempt is due at once.
    public init(_ deliveries: [New], now: Timestamp) {
        self.deliveries = deliveries
        self.now = now
    }

    public static let sql = """
        insert into deliveries (delivery_id, event_id, order_no, party_no, event_type, refund_no,
            url, receiver, created_at, next_attempt_at)
        select *, $9, $9 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[],
            $6::text[], $7::text[], $8::text[])
        on conflict do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(deliveries.map(\.id.uuid))
        bindings.append(deliveries.map(\.eventID.uuid))
        bindings.append(deliveries.map(\.orderNo))
        bindings.append(deliveries.map(\.partyNo))
        bindings.append(deliveries.map(\.eventType))
        bindings.append(deliveries.map(\.refundNo))
        bindings.append(deliveries.map(\.url))
        bindings.append(deliveries.map(\.receiver))
        bindings.append(now)
    }
}

/// Stores the outcomes of attempts, each if its lease's attempt is still the current one.
public struct CompleteDeliveries: PostgresStatement {
    /// An attempt's outcome.
    public enum Outcome: Sendable, Equatable {
        /// The receiver acknowledged with `success`.
        case acknowledged
        /// It didn't; the next attempt is due then.
        case again(at: Timestamp)
        /// It didn't, and the schedule has no further attempt.
        case exhausted

        var status: String {
            switch self {
            case .acknowledged: "acknowledged"
            case .again: "pending"
            case .exhausted: "exhausted"
            }
        }

        var nextAttemptAt: Timestamp? {
            if case .again(let time) = self { time } else { nil }
        }
    }

    /// One attempt.
    public struct Attempt: Sendable {
        let id: EventID
        let attempt: Int32
        let outcome: Outcome
        let httpStatus: Int32?
        let error: String?
        let milliseconds: Int32
        let endedAt: Timestamp

        /// - Parameters:
        ///   - error: what failed; `nil` if acknowledged.
        ///   - milliseconds: the attempt's duration.
        public init(
            id: EventID, attempt: Int32, outcome: Outcome, httpStatus: Int32?, error: String?,
            milliseconds: Int32, endedAt: Timestamp
        ) {
            self.id = id
            self.attempt = attempt
            self.outcome = outcome
            self.httpStatus = httpStatus
            self.error = error
            self.milliseconds = milliseconds
            self.endedAt = endedAt
        }
    }

    let attempts: [Attempt]

    /// Attempts of different deliveries.
    public init(_ attempts: [Attempt]) { self.attempts = attempts }

    public static let sql = """
        with ended as (
            select * from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::int[],
                $6::text[], $7::int[], $8::timestamptz[])
                as e (delivery_id, attempt, status, next_at, http_status, error, ms, at)
        ), completed as (
            update deliveries as d set lease_until = null, status = e.status,
                next_attempt_at = e.next_at,
                acknowledged_at = case when e.status = 'acknowledged' then e.at end
            from ended e
            where d.delivery_id = e.delivery_id and d.attempt = e.attempt and d.status = 'pending'
            returning d.delivery_id
        )
        insert into delivery_attempts (delivery_id, attempt, http_status, error, duration_ms, at)
        select e.delivery_id, e.attempt, e.http_status, e.error, e.ms, e.at
        from ended e join completed using (delivery_id)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(attempts.map(\.id.uuid))
        bindings.append(attempts.map(\.attempt))
        bindings.append(attempts.map(\.outcome.status))
        bindings.append(attempts.map(\.outcome.nextAttemptAt))
        bindings.append(attempts.map(\.httpStatus))
        bindings.append(attempts.map(\.error))
        bindings.append(attempts.map(\.milliseconds))
        bindings.append(attempts.map(\.endedAt))
    }
}

/// Returns a claimed delivery without an attempt: its number isn't used up, and it can be claimed
/// again a second later.
public struct ReturnDelivery: PostgresStatement {
    let id: EventID
    let attempt: Int32

    /// - Parameter attempt: the claim's.
    public init(id: EventID, attempt: Int32) {
        self.id = id
        self.attempt = attempt
    }

    public static let sql = """
        update deliveries set attempt = attempt - 1,
            lease_until = clock_timestamp() + interval '1 second'
        where \(Lease.deliveries.isHeld) and status = 'pending'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(id.uuid)
        bindings.append(attempt)
    }
}
