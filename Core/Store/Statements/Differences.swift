public import Payments
public import Postgres

/// A page of differences between the orders and the channel's statements, the newest first.
public struct DifferencePage: PostgresStatement {
    /// A difference.
    public struct Row: Sendable {
        /// Its number.
        public let id: Int64
        /// The channel's name.
        public let channel: String
        /// The statement's day.
        public let day: String
        /// `platform_only`, `channel_only`, `amount_mismatch`, …
        public let kind: String
        /// `trade` or `refund`.
        public let lineKind: String
        /// The order that the line names; it may be unknown here.
        public let orderNo: String
        /// The refund; empty for a trade.
        public let refundNo: String
        /// Our amount; `nil` where there is nothing here.
        public let platformAmount: Money?
        /// The statement's amount; `nil` where it has no line.
        public let channelAmount: Money?
        /// `open`, `resolved` or `escalated`.
        public let status: String
        /// How it was resolved; `nil` while it isn't.
        public let resolution: String?
        /// When it was found.
        public let openedAt: Timestamp
    }

    let day: BusinessDay?
    let status: String?
    let kind: String?
    let before: Int64?
    let limit: Int32

    /// - Parameters:
    ///   - day: only of this day; `nil` for all.
    ///   - before: the last difference of the page before.
    public init(day: BusinessDay?, status: String?, kind: String?, before: Int64?, limit: Int) {
        self.day = day
        self.status = status
        self.kind = kind
        self.before = before
        self.limit = Int32(limit)
    }

    public static let sql = """
        select difference_id, channel, day::text, kind, line_kind, order_no, refund_no,
            platform_amount_fen, channel_amount_fen, status, resolution, opened_at
        from differences
        where ($1::text is null or day = $1::date) and ($2::text is null or status = $2)
            and ($3::text is null or kind = $3) and ($4::bigint is null or difference_id < $4)
        order by difference_id desc limit $5
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(day?.description)
        bindings.append(status)
        bindings.append(kind)
        bindings.append(before)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            id: try row.int64(0), channel: try row.text(1), day: try row.text(2),
            kind: try row.text(3), lineKind: try row.text(4), orderNo: try row.text(5),
            refundNo: try row.text(6), platformAmount: try row.moneyOrNull(7),
            channelAmount: try row.moneyOrNull(8), status: try row.text(9),
            resolution: try row.textOrNull(10), openedAt: try row.time(11))
    }
}
