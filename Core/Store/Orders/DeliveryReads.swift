public import Events
import Foundation
public import Payments
public import Postgres

/// A delivery as operators see it.
public struct DeliveryLine: Sendable {
    /// The `Tally-Delivery-Id`.
    public let id: EventID
    /// The platform's order number.
    public let orderNo: String
    /// The receiver's party number.
    public let partyNo: String
    /// The event's type, for example `order.paid`.
    public let eventType: String
    /// The refund; empty where the event isn't a refund.
    public let refundNo: String
    /// The callback URL.
    public let url: String
    /// Its state.
    public let status: String
    /// How many attempts were claimed.
    public let attempt: Int32
    /// How many of them came before it was last sent again; else 0.
    public let resentAfter: Int32
    /// When the next attempt is due; `nil` where there is none.
    public let nextAttemptAt: Timestamp?
    /// Whether an attempt is being made.
    public let isInFlight: Bool
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was acknowledged last.
    public let acknowledgedAt: Timestamp?
    /// The last attempt's HTTP status; `nil` where there was no whole response.
    public let lastStatus: Int32?
    /// The last attempt's error; `nil` where it was acknowledged or none was made.
    public let lastError: String?

    fileprivate static let columns = """
        d.delivery_id, d.order_no, d.party_no, d.event_type, d.refund_no, d.url, d.status,
            d.attempt, d.resent_after, d.next_attempt_at,
            coalesce(d.lease_until > clock_timestamp(), false), d.created_at, d.acknowledged_at,
            a.http_status, a.error
        """

    fileprivate static let lastAttempt = """
        left join lateral (select http_status, error from delivery_attempts a
            where a.delivery_id = d.delivery_id order by a.attempt desc limit 1) as a on true
        """

    fileprivate init(_ row: PostgresRow) throws(PostgresError) {
        id = EventID(try row.uuid(0))
        orderNo = try row.text(1)
        partyNo = try row.text(2)
        eventType = try row.text(3)
        refundNo = try row.text(4)
        url = try row.text(5)
        status = try row.text(6)
        attempt = try row.int32(7)
        resentAfter = try row.int32(8)
        nextAttemptAt = try row.timeOrNull(9)
        isInFlight = try row.bool(10)
        createdAt = try row.time(11)
        acknowledgedAt = try row.timeOrNull(12)
        lastStatus = try row.int32OrNull(13)
        lastError = try row.textOrNull(14)
    }
}

/// A page of deliveries, newest first; keyset pagination: later ones don't shift a page.
public struct DeliveryPage: Sendable {
    let filter: DeliveryFilter
    let before: EventID?
    let limit: Int

    /// - Parameter before: the last delivery of the page before.
    public init(_ filter: DeliveryFilter, before: EventID? = nil, limit: Int) {
        self.filter = filter
        self.before = before
        self.limit = limit
    }

    /// Reads it by the narrowest index there is for the filter.
    public func run(in transaction: PostgresTransaction) async throws -> [DeliveryLine] {
        if filter.orderNo != nil {
            return try await transaction.run(DeliveryPageOfOrder(page: self))
        }
        if filter.partyNo != nil {
            return try await transaction.run(DeliveryPageOfParty(page: self))
        }
        if filter.status == .exhausted {
            return try await transaction.run(ExhaustedDeliveryPage(page: self))
        }
        return try await transaction.run(AnyDeliveryPage(page: self))
    }

    fileprivate static func sql(_ access: String) -> String {
        """
        select \(DeliveryLine.columns) from (
            select * from deliveries where \(access)
                and delivery_id >= $1 and delivery_id < $2
                and ($3::text is null or order_no = $3) and ($4::text is null or party_no = $4)
                and ($5::text is null or status = $5)
            order by delivery_id desc limit $6
        ) as d \(DeliveryLine.lastAttempt)
        order by d.delivery_id desc
        """
    }

    fileprivate func bind(_ bindings: inout PostgresBindings) {
        bindings.append(DeliveryFilter.firstID(at: filter.since ?? Timestamp(microseconds: 0)))
        let end = filter.until.map { DeliveryFilter.firstID(at: $0) }
        let ends = [before?.uuid, end].compactMap { $0 }
        // Compared as their text, which orders like their bytes.
        bindings.append(ends.min { $0.uuidString < $1.uuidString } ?? Self.lastID)
        bindings.append(filter.orderNo)
        bindings.append(filter.partyNo)
        bindings.append(filter.status?.rawValue)
        bindings.append(Int32(clamping: limit))
    }

    private static let lastID = UUID(
        uuid: (
            255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255
        ))
}

/// A page of one order's deliveries.
struct DeliveryPageOfOrder: PostgresStatement {
    let page: DeliveryPage
    static let sql = DeliveryPage.sql("order_no = $3")
    func bind(_ bindings: inout PostgresBindings) { page.bind(&bindings) }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeliveryLine {
        try DeliveryLine(row)
    }
}

/// A page of one party's deliveries.
struct DeliveryPageOfParty: PostgresStatement {
    let page: DeliveryPage
    static let sql = DeliveryPage.sql("party_no = $4")
    func bind(_ bindings: inout PostgresBindings) { page.bind(&bindings) }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeliveryLine {
        try DeliveryLine(row)
    }
}

/// A page of the deliveries that no attempt is left of.
struct ExhaustedDeliveryPage: PostgresStatement {
    let page: DeliveryPage
    static let sql = DeliveryPage.sql("status = 'exhausted'")
    func bind(_ bindings: inout PostgresBindings) { page.bind(&bindings) }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeliveryLine {
        try DeliveryLine(row)
    }
}

/// A page of all deliveries.
struct AnyDeliveryPage: PostgresStatement {
    let page: DeliveryPage
    static let sql = DeliveryPage.sql("true")
    func bind(_ bindings: inout PostgresBindings) { page.bind(&bindings) }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeliveryLine {
        try DeliveryLine(row)
    }
}

/// Deliveries by their ids.
public struct DeliveriesByID: PostgresStatement {
    let ids: [EventID]

    /// An unknown id has no row.
    public init(_ ids: [EventID]) { self.ids = ids }

    public static let sql = """
        select \(DeliveryLine.columns) from deliveries d \(DeliveryLine.lastAttempt)
        where d.delivery_id = any($1) order by d.delivery_id desc
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(ids.map(\.uuid)) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> DeliveryLine {
        try DeliveryLine(row)
    }
}

/// The attempts of one delivery that have ended, oldest first.
public struct DeliveryAttempts: PostgresStatement {
    /// One attempt.
    public struct Row: Sendable {
        /// Its number, from 1.
        public let attempt: Int32
        /// When it ended.
        public let at: Timestamp
        /// The receiver's status; `nil` where there was no whole response.
        public let httpStatus: Int32?
        /// Why it wasn't acknowledged; `nil` where it was.
        public let error: String?
        /// How long it took.
        public let milliseconds: Int32
    }

    let id: EventID

    /// The delivery's id.
    public init(_ id: EventID) { self.id = id }

    public static let sql = """
        select attempt, at, http_status, error, duration_ms from delivery_attempts
        where delivery_id = $1 order by attempt
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(id.uuid) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            attempt: try row.int32(0), at: try row.time(1), httpStatus: try row.int32OrNull(2),
            error: try row.textOrNull(3), milliseconds: try row.int32(4))
    }
}
