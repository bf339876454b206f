public import Payments
public import Postgres

/// A settlement as operators and finance people see it.
public struct SettlementLine: Sendable {
    /// The settlement's number.
    public let settlementID: String
    /// The reconciliation that it followed.
    public let reconciliationID: String
    /// The merchant's party number.
    public let merchantNo: String
    /// The day that was settled.
    public let day: String
    /// The paid orders in it.
    public let orders: Int32
    /// The refunds in it.
    public let refunds: Int32
    /// The sum of the orders.
    public let gross: Money
    /// The sum of the refunds.
    public let refunded: Money
    /// What the merchant pays, less what refunds reversed.
    public let merchantFee: Money
    /// The channel's part of it.
    public let channelFee: Money
    /// The agents' part of it.
    public let agentShare: Money
    /// The platform's part of it.
    public let platformShare: Money
    /// What was carried in from earlier settlements; negative where the merchant owed it.
    public let carriedIn: Money
    /// gross − refunded − merchant fee + carried in.
    public let net: Money
    /// The settlement into which a negative net was carried; `nil` where there is none.
    public let carriedTo: String?
    /// When it was made.
    public let settledAt: Timestamp

    /// Those that ``decode(_:)`` reads, of `settlements` as `s`; a statement may select more after
    /// them, from ``columnCount`` on.
    static let columns = """
        s.settlement_id, s.reconciliation_id, s.merchant_no, s.day::text, s.order_count,
            s.refund_count, s.gross_fen, s.refunded_fen, s.merchant_fee_fen, s.channel_fee_fen,
            s.agent_share_fen, s.platform_share_fen, s.carried_in_fen, s.net_fen, s.carried_to,
            s.settled_at
        """

    static let columnCount = 16

    static func decode(_ row: PostgresRow) throws(PostgresError) -> SettlementLine {
        SettlementLine(
            settlementID: try row.text(0), reconciliationID: try row.text(1),
            merchantNo: try row.text(2), day: try row.text(3), orders: try row.int32(4),
            refunds: try row.int32(5), gross: try row.money(6), refunded: try row.money(7),
            merchantFee: try row.money(8), channelFee: try row.money(9),
            agentShare: try row.money(10), platformShare: try row.money(11),
            carriedIn: try row.money(12), net: try row.money(13),
            carriedTo: try row.textOrNull(14), settledAt: try row.time(15))
    }
}

/// A page of settlements, by number from the last: a number begins with its day.
public struct SettlementPage: PostgresStatement {
    let day: BusinessDay?
    let merchantNo: String?
    let before: String?
    let limit: Int32

    /// - Parameters:
    ///   - day: only of this day; `nil` for all.
    ///   - before: the last settlement of the page before.
    public init(day: BusinessDay?, merchantNo: String?, before: String?, limit: Int) {
        self.day = day
        self.merchantNo = merchantNo
        self.before = before
        self.limit = Int32(limit)
    }

    public static let sql = """
        select \(SettlementLine.columns) from settlements s
        where ($1::text is null or day = $1::date) and ($2::text is null or merchant_no = $2)
            and ($3::text is null or settlement_id < $3)
        order by settlement_id desc limit $4
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(day?.description)
        bindings.append(merchantNo)
        bindings.append(before)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> SettlementLine {
        try SettlementLine.decode(row)
    }
}

/// A settlement by its number.
public struct SettlementByID: PostgresStatement {
    let settlementID: String

    /// - Parameter settlementID: the number.
    public init(_ settlementID: String) { self.settlementID = settlementID }

    public static let sql = """
        select \(SettlementLine.columns) from settlements s where settlement_id = $1
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(settlementID) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> SettlementLine {
        try SettlementLine.decode(row)
    }
}

/// The orders and refunds of a settlement, a page at a time, with who received which part of each.
public struct SettlementItems: PostgresStatement {
    /// An order, or a refund, whose amounts are negative.
    public struct Row: Sendable {
        /// The order.
        public let orderNo: String
        /// The refund; empty for the order itself.
        public let refundNo: String
        /// The amount.
        public let amount: Money
        /// What the merchant pays.
        public let merchantFee: Money
        /// The channel's part of it.
        public let channelFee: Money
        /// The agents' parts of it, from the top agent down.
        public let agentShares: [Money]
        /// The platform's part of it.
        public let platformShare: Money
    }

    let settlementID: String
    let after: (orderNo: String, refundNo: String)
    let limit: Int32

    /// - Parameter after: the last item of the page before.
    public init(
        _ settlementID: String, after: (orderNo: String, refundNo: String) = ("", ""), limit: Int
    ) {
        self.settlementID = settlementID
        self.after = after
        self.limit = Int32(limit)
    }

    public static let sql = """
        select order_no, refund_no, amount_fen, merchant_fee_fen, channel_fee_fen,
            agent_shares_fen, platform_share_fen
        from settlement_items
        where settlement_id = $1 and (order_no, refund_no) > ($2, $3)
        order by order_no, refund_no limit $4
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(settlementID)
        bindings.append(after.orderNo)
        bindings.append(after.refundNo)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            orderNo: try row.text(0), refundNo: try row.text(1), amount: try row.money(2),
            merchantFee: try row.money(3), channelFee: try row.money(4),
            agentShares: try row.int64Array(5).map { Money(fen: $0) },
            platformShare: try row.money(6))
    }
}
