public import Events
public import Payments
public import Postgres

/// A refusal of a submission, to be stored.
public struct NewRejection: Sendable {
    let event: OrderRejected
    let isAuthenticated: Bool

    /// - Parameters:
    ///   - event: the refusal as it is published.
    ///   - isAuthenticated: whether the merchant's own signature was valid. If not, anybody can
    ///     have sent it: it takes a slot, and replaces an earlier one.
    public init(_ event: OrderRejected, isAuthenticated: Bool) {
        self.event = event
        self.isAuthenticated = isAuthenticated
    }
}

/// Stores refusals of submissions.
public struct InsertRejections: PostgresStatement {
    let rejections: [NewRejection]
    let slots: [Int32?]

    /// - Parameter slots: as many as there are rejections that aren't authenticated.
    init(_ rejections: [NewRejection], slots: [Int32]) {
        self.rejections = rejections
        var left = slots[...]
        self.slots = rejections.map { $0.isAuthenticated ? nil : left.popFirst() }
    }

    public static let sql = """
        insert into order_rejections (submission_id, order_no, merchant_no, merchant_order_no,
            code, detail, http_status, rejected_at, slot)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
            $6::text[], $7::int[], $8::timestamptz[], $9::int[])
        on conflict do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        let events = rejections.map(\.event)
        bindings.append(events.map(\.submissionID.uuid))
        bindings.append(events.map(\.orderNo))
        bindings.append(events.map(\.merchantNo))
        bindings.append(events.map(\.merchantOrderNo))
        bindings.append(events.map(\.code))
        bindings.append(events.map(\.detail))
        bindings.append(events.map { Int32($0.httpStatus) })
        bindings.append(events.map(\.envelope.occurredAt))
        bindings.append(slots)
    }

    /// Stores refusals; those that aren't authenticated in place of the oldest of their kind.
    public static func run(
        _ rejections: [NewRejection], in transaction: PostgresTransaction
    ) async throws {
        guard !rejections.isEmpty else { return }
        let unauthenticated = rejections.count { !$0.isAuthenticated }
        let slots =
            unauthenticated == 0
            ? [] : try await transaction.run(FreeRejectionSlots(count: unauthenticated))
        _ = try await transaction.run(InsertRejections(rejections, slots: slots))
    }
}

/// Takes slots for rejections in turn, and deletes the rows that had them.
struct FreeRejectionSlots: PostgresStatement {
    let count: Int

    static let sql = """
        with taken as materialized (
            select nextval('order_rejections_slots')::int as slot from generate_series(1, $1)
        ), freed as (
            delete from order_rejections r using taken t where r.slot = t.slot
        )
        select slot from taken
        """

    func bind(_ bindings: inout PostgresBindings) { bindings.append(Int64(count)) }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 { try row.int32(0) }
}

/// Why a merchant's number was refused last: with the merchant's valid signature if there was one.
public struct LastRejection: PostgresStatement {
    /// A refusal.
    public struct Row: Sendable {
        /// The submission's order number.
        public let orderNo: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The merchant's own order number.
        public let merchantOrderNo: String
        /// The reason as a stable code.
        public let code: String
        /// The reason and the remedy.
        public let detail: String
        /// When it was refused.
        public let rejectedAt: Timestamp
    }

    let merchantNo: String
    let merchantOrderNo: String

    /// The merchant's number.
    public init(merchantNo: String, merchantOrderNo: String) {
        self.merchantNo = merchantNo
        self.merchantOrderNo = merchantOrderNo
    }

    public static let sql = """
        select order_no, merchant_no, merchant_order_no, code, detail, rejected_at
        from order_rejections where merchant_no = $1 and merchant_order_no = $2
        order by (slot is not null), rejected_at desc limit 1
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(merchantNo)
        bindings.append(merchantOrderNo)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), merchantNo: try row.text(1),
            merchantOrderNo: try row.text(2), code: try row.text(3), detail: try row.text(4),
            rejectedAt: try row.time(5))
    }
}
