public import Payments
public import Postgres

/// A difference with the present state of its order or refund and the decision on it.
public struct DifferenceByID: PostgresStatement {
    /// The difference.
    public struct Row: Sendable {
        /// Its number.
        public let id: Int64
        /// The channel's name.
        public let channel: String
        /// The statement's day.
        public let day: BusinessDay
        /// The statement that it was found in.
        public let statementID: String
        /// The statement's line; `nil` for `platform_only`.
        public let lineNo: Int32?
        /// The order that the line names; it may be unknown here.
        public let orderNo: String
        /// The refund; empty for a trade.
        public let refundNo: String
        /// `open`, `resolved` or `escalated`.
        public let status: String
        /// How it was resolved; `nil` while it isn't.
        public let resolution: String?
        /// What a decision is made from.
        public let facts: UnresolvedDifference
        /// The decision that waits for a second person, or holds.
        public let decision: DifferenceDecision?
    }

    let id: Int64

    /// - Parameter id: the difference's number.
    public init(_ id: Int64) { self.id = id }

    public static let sql = """
        select d.difference_id, d.channel, d.day::text, d.statement_id, d.line_no, d.kind,
            d.line_kind = 'refund', d.order_no, d.refund_no, d.platform_amount_fen,
            d.platform_fee_fen, d.channel_amount_fen, d.channel_fee_fen, d.status, d.resolution,
            case d.line_kind when 'trade' then o.paid_at is not null
                else coalesce(r.status = 'succeeded', false) end,
            coalesce(case d.line_kind when 'trade' then o.matched_day else r.matched_day end
                is not null, false),
            coalesce(case d.line_kind when 'trade' then o.settlement_id else r.settlement_id end
                is not null, false),
            x.resolution_id, x.action, x.reason, x.comment, x.stake_fen, x.adjustment_fen, x.status,
            x.made_by, m.login, x.made_at, c.login
        from differences d left join orders o on o.order_no = d.order_no
            left join refunds r on d.line_kind = 'refund' and r.order_no = d.order_no
                and r.refund_no = d.refund_no
            left join difference_resolutions x on x.difference_id = d.difference_id
                and x.status <> 'refused'
            left join users m on m.user_no = x.made_by
            left join users c on c.user_no = x.decided_by
        where d.difference_id = $1
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(id) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let word = try row.text(5)
        guard let kind = DifferenceKind(rawValue: word) else {
            throw PostgresError.decoding("'\(word)' is not a kind of difference")
        }
        let facts = UnresolvedDifference(
            kind: kind, isRefund: try row.bool(6), platformAmount: try row.moneyOrNull(9),
            platformFee: try row.moneyOrNull(10), channelAmount: try row.moneyOrNull(11),
            channelFee: try row.moneyOrNull(12), isEffective: try row.boolOrNull(15) ?? false,
            isMatched: try row.bool(16), isSettled: try row.bool(17))
        return Row(
            id: try row.int64(0), channel: try row.text(1), day: try row.businessDay(2),
            statementID: try row.text(3), lineNo: try row.int32OrNull(4),
            orderNo: try row.text(7), refundNo: try row.text(8), status: try row.text(13),
            resolution: try row.textOrNull(14), facts: facts,
            decision: try DifferenceDecision.decode(row, at: 18))
    }
}

/// The same with its row locked until the transaction ends: what is decided on it is decided once.
public struct LockDifference: PostgresStatement {
    let id: Int64

    /// - Parameter id: the difference's number.
    public init(_ id: Int64) { self.id = id }

    public static let sql = DifferenceByID.sql + " for update of d"

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(id) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> DifferenceByID.Row {
        try DifferenceByID.decode(row)
    }
}
