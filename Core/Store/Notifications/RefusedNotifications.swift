public import Payments
public import Postgres

/// A notification that was refused, kept as a sample for operators.
public struct RefusedNotification: Sendable, Equatable {
    /// Why, as a code: `bad_signature`, `app_mismatch`, …
    public let reason: String
    /// The channel whose address it came to.
    public let channel: String
    /// When the gateway received it, in business time.
    public let receivedAt: Timestamp
    /// The address that it came from; `nil` where it isn't known.
    public let remoteIP: String?
    /// The order that it names, unverified; `nil` where it names none of the form of an order
    /// number.
    public let orderNo: String?
    /// What is wrong.
    public let detail: String
    /// How many refusals of this reason it stands for: itself, and those since the sample before.
    public let count: Int64
    /// The body's first bytes, ``bodyLimit`` at most.
    public let bodyStart: [UInt8]
    /// The size of the whole body; 0 where it wasn't read.
    public let bodyBytes: Int32

    /// How much of a body is kept, in bytes.
    public static let bodyLimit = 4_096

    /// Cut to what the table holds; control characters are replaced.
    public init(
        reason: String, channel: String, receivedAt: Timestamp, remoteIP: String?,
        orderNo: String?, detail: String, count: Int64, bodyStart: [UInt8], bodyBytes: Int32
    ) {
        self.reason = PrintableText.of(reason, maximum: 32)
        self.channel = PrintableText.of(channel, maximum: 32)
        self.receivedAt = receivedAt
        self.remoteIP = remoteIP.map { PrintableText.of($0, maximum: 64) }
        self.orderNo = orderNo.flatMap { OrderNumberForm.isValid($0) ? $0 : nil }
        self.detail = PrintableText.of(detail, maximum: 512)
        self.count = count
        self.bodyStart = Array(bodyStart.prefix(Self.bodyLimit))
        self.bodyBytes = bodyBytes
    }
}

/// Stores samples, one a reason: in a free slot of the reason's twenty, else in place of its
/// oldest.
public struct PutRefusedNotifications: PostgresStatement {
    let samples: [RefusedNotification]

    /// - Parameter samples: of different reasons.
    public init(_ samples: [RefusedNotification]) { self.samples = samples }

    public static let sql = """
        insert into refused_notifications (reason, slot, channel, received_at, remote_ip, order_no,
            detail, refused_count, body_start, body_bytes)
        select n.reason, coalesce(
                (select min(s) from generate_series(0, 19) as s where not exists (
                    select from refused_notifications r
                    where r.reason = n.reason and r.slot = s)),
                (select r.slot from refused_notifications r where r.reason = n.reason
                    order by r.received_at, r.slot limit 1)),
            n.channel, n.received_at, n.remote_ip, n.order_no, n.detail, n.refused_count,
            n.body_start, n.body_bytes
        from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
                $7::bigint[], $8::bytea[], $9::int[])
            as n (reason, channel, received_at, remote_ip, order_no, detail, refused_count,
                body_start, body_bytes)
        on conflict (reason, slot) do update set channel = excluded.channel,
            received_at = excluded.received_at, remote_ip = excluded.remote_ip,
            order_no = excluded.order_no, detail = excluded.detail,
            refused_count = excluded.refused_count, body_start = excluded.body_start,
            body_bytes = excluded.body_bytes
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(samples.map(\.reason))
        bindings.append(samples.map(\.channel))
        bindings.append(samples.map(\.receivedAt))
        bindings.append(samples.map(\.remoteIP))
        bindings.append(samples.map(\.orderNo))
        bindings.append(samples.map(\.detail))
        bindings.append(samples.map(\.count))
        bindings.append(samples.map(\.bodyStart))
        bindings.append(samples.map(\.bodyBytes))
    }
}

/// The samples of refused notifications, the newest first.
public struct RefusedNotificationSamples: PostgresStatement {
    let reason: String?
    let limit: Int

    /// - Parameter reason: `nil` for all.
    public init(reason: String? = nil, limit: Int) {
        self.reason = reason
        self.limit = limit
    }

    public static let sql = """
        select reason, channel, received_at, remote_ip, order_no, detail, refused_count, body_start,
            body_bytes
        from refused_notifications where $1::text is null or reason = $1
        order by received_at desc, reason, slot limit $2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(reason)
        bindings.append(Int64(limit))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> RefusedNotification {
        RefusedNotification(
            reason: try row.text(0), channel: try row.text(1), receivedAt: try row.time(2),
            remoteIP: try row.textOrNull(3), orderNo: try row.textOrNull(4),
            detail: try row.text(5), count: try row.int64(6), bodyStart: try row.bytes(7),
            bodyBytes: try row.int32(8))
    }
}
