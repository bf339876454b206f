public import Payments
public import Postgres

/// The differences of some days by their own keys, a page at a time, with the order's merchant.
public struct ReportDifferences: PostgresStatement {
    /// What identifies a difference, in the order of the report.
    struct Key: Sendable, Equatable {
        var day = ""
        var statementID = ""
        var kind = ""
        var lineKind = ""
        var orderNo = ""
        var refundNo = ""
        var lineNo: Int32 = -1
    }

    /// A difference.
    public struct Row: Sendable {
        let key: Key
        /// The channel's name.
        public let channel: String
        /// The statement's line; `nil` for `platform_only`.
        public let lineNo: Int32?
        /// The merchant, where the order is known.
        public let merchantNo: String?
        /// The merchant's own number, where the order is known.
        public let merchantOrderNo: String?
        /// Our amount; `nil` where there is nothing here.
        public let platformAmount: Money?
        /// The statement's amount; `nil` where it has no line.
        public let channelAmount: Money?
        /// The fee by the contract.
        public let platformFee: Money?
        /// The fee of the statement's line.
        public let channelFee: Money?
        /// `open`, `resolved` or `escalated`.
        public let status: String
        /// How it was resolved; `nil` while it isn't.
        public let resolution: String?

        /// The statement's day.
        public var day: String { key.day }
        /// The statement.
        public var statementID: String { key.statementID }
        /// One of `DifferenceKind`.
        public var kind: String { key.kind }
        /// `trade` or `refund`.
        public var lineKind: String { key.lineKind }
        /// The order that the line names; it may be unknown here.
        public var orderNo: String { key.orderNo }
        /// The refund; empty for a trade.
        public var refundNo: String { key.refundNo }
    }

    let days: ReportDays
    let after: Key
    let limit: Int32

    /// The first page.
    public init(days: ReportDays, limit: Int) { self.init(days, Key(), Int32(limit)) }

    private init(_ days: ReportDays, _ after: Key, _ limit: Int32) {
        self.days = days
        self.after = after
        self.limit = limit
    }

    /// The page after the one that ends with `row`.
    public func following(_ row: Row) -> ReportDifferences {
        ReportDifferences(days, row.key, limit)
    }

    public static let sql = """
        select d.day::text, d.statement_id, d.kind, d.line_kind, d.order_no, d.refund_no, d.line_no,
            d.channel, o.merchant_no, o.merchant_order_no, d.platform_amount_fen,
            d.channel_amount_fen, d.platform_fee_fen, d.channel_fee_fen, d.status, d.resolution
        from differences d left join orders o on o.order_no = d.order_no
        where d.day >= $1::text::date and d.day <= $2::text::date
            and (d.day, d.statement_id, d.kind, d.line_kind, d.order_no, d.refund_no,
                coalesce(d.line_no, 0))
                > (coalesce(nullif($3::text, '')::date, '-infinity'), $4, $5, $6, $7, $8, $9)
        order by d.day, d.statement_id, d.kind, d.line_kind, d.order_no, d.refund_no,
            coalesce(d.line_no, 0)
        limit $10
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(days)
        bindings.append(after.day)
        bindings.append(after.statementID)
        bindings.append(after.kind)
        bindings.append(after.lineKind)
        bindings.append(after.orderNo)
        bindings.append(after.refundNo)
        bindings.append(after.lineNo)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let lineNo = try row.int32OrNull(6)
        return Row(
            key: Key(
                day: try row.text(0), statementID: try row.text(1), kind: try row.text(2),
                lineKind: try row.text(3), orderNo: try row.text(4), refundNo: try row.text(5),
                lineNo: lineNo ?? 0),
            channel: try row.text(7), lineNo: lineNo, merchantNo: try row.textOrNull(8),
            merchantOrderNo: try row.textOrNull(9), platformAmount: try row.moneyOrNull(10),
            channelAmount: try row.moneyOrNull(11), platformFee: try row.moneyOrNull(12),
            channelFee: try row.moneyOrNull(13), status: try row.text(14),
            resolution: try row.textOrNull(15))
    }
}
