public import Events
public import Payments
public import Postgres

/// Writes down whom an order's change is to be told, once for each party and event.
public struct InsertDeliveries: PostgresStatement {
    /// One delivery to be made.
    public struct New: Sendable {
        let id: EventID
        let orderNo: String
        let partyNo: String
        let eventType: String
        let refundNo: String
        let url: String
        let receiver: String
        let payload: String

        /// - Parameters:
        ///   - refundNo: empty where the event is no refund.
        ///   - receiver: what its limits are kept by: the party at its host and port.
        ///   - payload: the body's members as JSON, before time, nonce and signature.
        public init(
            id: EventID, orderNo: String, partyNo: String, eventType: String, refundNo: String,
            url: String, receiver: String, payload: String
        ) {
            self.id = id
            self.orderNo = orderNo
            self.partyNo = partyNo
            self.eventType = eventType
            self.refundNo = refundNo
            self.url = url
            self.receiver = receiver
            self.payload = payload
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
        insert into deliveries (delivery_id, order_no, party_no, event_type, refund_no, url,
            receiver, payload, created_at, next_attempt_at)
        select *, $9, $9 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[],
            $5::text[], $6::text[], $7::text[], $8::text[])
        on conflict do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(deliveries.map(\.id.uuid))
        bindings.append(deliveries.map(\.orderNo))
        bindings.append(deliveries.map(\.partyNo))
        bindings.append(deliveries.map(\.eventType))
        bindings.append(deliveries.map(\.refundNo))
        bindings.append(deliveries.map(\.url))
        bindings.append(deliveries.map(\.receiver))
        bindings.append(deliveries.map(\.payload))
        bindings.append(now)
    }
}

/// Leases deliveries that are due.
public struct ClaimDeliveries: PostgresStatement {
    /// A leased delivery.
    public struct Row: Sendable {
        /// Its identity: the `Tally-Delivery-Id`.
        public let id: EventID
        /// What of.
        public let orderNo: String
        /// Whom to tell.
        public let partyNo: String
        /// Where.
        public let url: String
        /// What its limits are kept by.
        public let receiver: String
        /// The body's members as JSON.
        public let payload: String
        /// Which attempt this is, from 1.
        public let attempt: Int32
        /// The trace of the order.
        public let traceparent: String?
    }

    let limit: Int32
    let fullReceivers: [String]
    let now: Timestamp

    /// - Parameter fullReceivers: receivers that have no room for more.
    public init(limit: Int, excluding fullReceivers: [String], now: Timestamp) {
        self.limit = Int32(limit)
        self.fullReceivers = fullReceivers
        self.now = now
    }

    // The array is made once and its rows found by key, whatever the limit turns out to be.
    public static let sql = """
        update deliveries as d
        set attempt = d.attempt + 1, lease_until = clock_timestamp() + interval '60 seconds'
        where d.delivery_id = any(array(
            select delivery_id from deliveries
            where next_attempt_at <= $1 and not (receiver = any($3))
                and (lease_until is null or lease_until < clock_timestamp())
            order by next_attempt_at limit $2 for update skip locked
        ))
        returning d.delivery_id, d.party_no, d.url, d.receiver, d.payload, d.attempt,
            d.order_no, (select traceparent from orders o where o.order_no = d.order_no)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(limit)
        bindings.append(fullReceivers)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            id: EventID(try row.uuid(0)), orderNo: try row.text(6), partyNo: try row.text(1),
            url: try row.text(2), receiver: try row.text(3), payload: try row.text(4),
            attempt: try row.int32(5), traceparent: try row.textOrNull(7))
    }
}

/// Stores what came of an attempt, if the lease is still the one it was made under.
public struct CompleteDelivery: PostgresStatement {
    /// What came of it.
    public enum Outcome: Sendable {
        /// The receiver said `success`.
        case acknowledged
        /// It didn't; the next attempt.
        case again(at: Timestamp)
        /// It didn't, and there is no attempt left.
        case exhausted
    }

    let id: EventID
    let attempt: Int32
    let outcome: Outcome
    let httpStatus: Int32?
    let error: String?
    let milliseconds: Int32
    let now: Timestamp

    /// The attempt's outcome and what was seen.
    public init(
        id: EventID, attempt: Int32, outcome: Outcome, httpStatus: Int32?, error: String?,
        milliseconds: Int32, now: Timestamp
    ) {
        self.id = id
        self.attempt = attempt
        self.outcome = outcome
        self.httpStatus = httpStatus
        self.error = error
        self.milliseconds = milliseconds
        self.now = now
    }

    public static let sql = """
        with completed as (
            update deliveries set lease_until = null, status = $3, next_attempt_at = $4,
                acknowledged_at = case when $3 = 'acknowledged' then $8::timestamptz end
            where delivery_id = $1 and attempt = $2 and status = 'pending'
            returning delivery_id
        )
        insert into delivery_attempts
            (delivery_id, attempt, http_status, error, duration_ms, at)
        select delivery_id, $2, $5, $6, $7, $8 from completed
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(id.uuid)
        bindings.append(attempt)
        switch outcome {
        case .acknowledged:
            bindings.append("acknowledged")
            bindings.append(Timestamp?.none)
        case .again(let at):
            bindings.append("pending")
            bindings.append(at)
        case .exhausted:
            bindings.append("exhausted")
            bindings.append(Timestamp?.none)
        }
        bindings.append(httpStatus)
        bindings.append(error)
        bindings.append(milliseconds)
        bindings.append(now)
    }
}
