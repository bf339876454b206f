public import Events
public import Payments
public import Postgres

/// Stores the deliveries of order changes, one for each party and event; a repeated one is dropped.
public struct InsertDeliveries: PostgresStatement {
    /// A new delivery.
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
        ///   - refundNo: empty where the event isn't a refund.
        ///   - receiver: the key of the limits for slow receivers: the party at its host and port.
        ///   - payload: the body's fields as JSON, without time, nonce and signature.
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
        /// The `Tally-Delivery-Id`, the same for every attempt.
        public let id: EventID
        /// The order.
        public let orderNo: String
        /// The receiver's party number.
        public let partyNo: String
        /// The callback URL.
        public let url: String
        /// The key of the limits for slow receivers.
        public let receiver: String
        /// The body's fields as JSON, without time, nonce and signature.
        public let payload: String
        /// The attempt's number, from 1.
        public let attempt: Int32
        /// The order's W3C `traceparent`; `nil` where it has none.
        public let traceparent: String?
    }

    let limit: Int32
    let fullReceivers: [String]
    let now: Timestamp

    /// - Parameter fullReceivers: receivers whose limit of deliveries in flight is reached.
    public init(limit: Int, excluding fullReceivers: [String], now: Timestamp) {
        self.limit = Int32(limit)
        self.fullReceivers = fullReceivers
        self.now = now
    }

    public static let sql = Lease.deliveries.claim(
        returning: """
            t.delivery_id, t.party_no, t.url, t.receiver, t.payload, t.attempt, t.order_no,
                (select traceparent from orders o where o.order_no = t.order_no)
            """)

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

/// Stores an attempt's outcome, if the lease's attempt is still the current one.
public struct CompleteDelivery: PostgresStatement {
    /// An attempt's outcome.
    public enum Outcome: Sendable {
        /// The receiver acknowledged with `success`.
        case acknowledged
        /// It didn't; the next attempt is due then.
        case again(at: Timestamp)
        /// It didn't, and the schedule has no further attempt.
        case exhausted
    }

    let id: EventID
    let attempt: Int32
    let outcome: Outcome
    let httpStatus: Int32?
    let error: String?
    let milliseconds: Int32
    let now: Timestamp

    /// - Parameters:
    ///   - error: what failed; `nil` if acknowledged.
    ///   - milliseconds: the attempt's duration.
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
            update deliveries set \(Lease.deliveries.release), status = $3, next_attempt_at = $4,
                acknowledged_at = case when $3 = 'acknowledged' then $8::timestamptz end
            where \(Lease.deliveries.isHeld) and status = 'pending'
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
