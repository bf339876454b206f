public import Payments
public import Postgres

/// The differences of some days, in the order of their own keys, with the order's merchant.
public struct ReportDifferences: PostgresStatement {
    /// A difference.
    public struct Row: Sendable {
        /// The statement's day.
        public let day: String
        /// The statement.
        public let statementID: String
        /// One of `DifferenceKind`.
        public let kind: String
        /// `trade` or `refund`.
        public let lineKind: String
        /// The order that the line names; it may be unknown here.
        public let orderNo: String
        /// The refund; empty for a trade.
        public let refundNo: String
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
    }

    let days: ReportDays

    /// - Parameter days: the statements' days.
    public init(days: ReportDays) { self.days = days }

    public static let sql = """
        select d.day::text, d.statement_id, d.kind, d.line_kind, d.order_no, d.refund_no, d.line_no,
            d.channel, o.merchant_no, o.merchant_order_no, d.platform_amount_fen,
            d.channel_amount_fen, d.platform_fee_fen, d.channel_fee_fen, d.status, d.resolution
        from differences d left join orders o on o.order_no = d.order_no
        where d.day >= $1::text::date and d.day <= $2::text::date
        order by d.day, d.statement_id, d.kind, d.line_kind, d.order_no, d.refund_no,
            coalesce(d.line_no, 0)
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(days) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            day: try row.text(0), statementID: try row.text(1), kind: try row.text(2),
            lineKind: try row.text(3), orderNo: try row.text(4), refundNo: try row.text(5),
            channel: try row.text(7), lineNo: try row.int32OrNull(6),
            merchantNo: try row.textOrNull(8), merchantOrderNo: try row.textOrNull(9),
            platformAmount: try row.moneyOrNull(10), channelAmount: try row.moneyOrNull(11),
            platformFee: try row.moneyOrNull(12), channelFee: try row.moneyOrNull(13),
            status: try row.text(14), resolution: try row.textOrNull(15))
    }
}
