public import Payments
public import Postgres

/// Who receives which part of a played day's payments, and returns which part of its refunds: a row
/// for the gross amount, the merchants' fee, the channel, the platform and each agent.
public struct DayMoney: PostgresStatement {
    /// One part.
    public struct Row: Sendable, Equatable {
        /// `gross`, `merchant_fee`, `channel_fee`, `platform_share` or `agent_share`.
        public let kind: String
        /// The agent; empty for the other kinds.
        public let partyNo: String
        /// The agent's name; empty for the other kinds.
        public let name: String
        /// Its part of the payments.
        public let paid: Money
        /// What refunds took back of it.
        public let refunded: Money

        /// One part.
        public init(
            kind: String, partyNo: String = "", name: String = "", paid: Money, refunded: Money
        ) {
            self.kind = kind
            self.partyNo = partyNo
            self.name = name
            self.paid = paid
            self.refunded = refunded
        }
    }

    /// All orders and refunds of the database.
    public init() {}

    // Agents from the top down within a chain: sorted by level, then number.
    public static let sql = """
        with o as (select * from orders where paid_at is not null),
        r as (select * from refunds where status = 'succeeded'),
        part (place, kind, party_no, paid, refunded) as (
            select 0, 'gross', '', amount_fen, 0::bigint from o
            union all select 0, 'gross', '', 0, amount_fen from r
            union all select 1, 'merchant_fee', '', merchant_fee_fen, 0 from o
            union all select 1, 'merchant_fee', '', 0, merchant_fee_fen from r
            union all select 2, 'channel_fee', '', channel_fee_fen, 0 from o
            union all select 2, 'channel_fee', '', 0, channel_fee_fen from r
            union all select 3, 'platform_share', '', platform_share_fen, 0 from o
            union all select 3, 'platform_share', '', 0, platform_share_fen from r
            union all
            select 3 + level, 'agent_share', chain_party_nos[level + 1], share, 0
            from o, unnest(agent_shares_fen(amount_fen, chain_rates_ppm))
                with ordinality as s (share, level)
            union all
            select 3 + level, 'agent_share', chain_party_nos[level + 1], 0, after - before
            from r join o using (order_no), unnest(
                agent_shares_fen(r.refunded_before_fen, chain_rates_ppm),
                agent_shares_fen(r.refunded_before_fen + r.amount_fen, chain_rates_ppm))
                with ordinality as s (before, after, level)
        )
        select p.kind, p.party_no, coalesce(a.name, ''), sum(p.paid)::bigint,
            sum(p.refunded)::bigint
        from part p left join parties a using (party_no)
        group by p.kind, p.party_no, a.name order by min(p.place), p.party_no
        """

    public func bind(_ bindings: inout PostgresBindings) {}

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            kind: try row.text(0), partyNo: try row.text(1), name: try row.text(2),
            paid: try row.money(3), refunded: try row.money(4))
    }
}

/// What became of a played day's money: settled, paid out, still to be settled. One row.
public struct DayPayouts: PostgresStatement {
    /// Counts and sums.
    public struct Row: Sendable, Equatable {
        /// Settlements made.
        public var settlements: Int64
        /// What merchants are owed by them; negative ones reduce it.
        public var net: Money
        /// Payouts that the bank has paid.
        public var paidOut: Int64
        /// Their sum.
        public var paidOutAmount: Money
        /// Of them, those whose first answer was lost and that were paid after an inquiry.
        public var inquired: Int64
        /// Payouts that the bank hasn't paid.
        public var unpaid: Int64
        /// Paid orders that no settlement holds yet.
        public var unsettled: Int64
        /// What their merchants are owed: net of fees, less the refunds that no settlement holds.
        /// With ``net`` it is the day's whole net.
        public var unsettledAmount: Money

        /// Counts and sums by their names.
        public init(
            settlements: Int64 = 0, net: Money = .zero, paidOut: Int64 = 0,
            paidOutAmount: Money = .zero, inquired: Int64 = 0, unpaid: Int64 = 0,
            unsettled: Int64 = 0, unsettledAmount: Money = .zero
        ) {
            self.settlements = settlements
            self.net = net
            self.paidOut = paidOut
            self.paidOutAmount = paidOutAmount
            self.inquired = inquired
            self.unpaid = unpaid
            self.unsettled = unsettled
            self.unsettledAmount = unsettledAmount
        }
    }

    /// All settlements and payouts of the database.
    public init() {}

    public static let sql = """
        select s.count, s.net, p.paid, p.amount, p.inquired, p.unpaid, o.count, o.amount
        from (
            select count(*), coalesce(sum(net_fen - carried_in_fen), 0)::bigint as net
            from settlements) as s, (
            select count(*) filter (where status = 'succeeded') as paid,
                coalesce(sum(amount_fen) filter (where status = 'succeeded'), 0)::bigint as amount,
                count(*) filter (where status = 'succeeded' and attempt > 1) as inquired,
                count(*) filter (where status <> 'succeeded' and not exists (
                    select from payouts n where n.reissue_of = p.payout_no)) as unpaid
            from payouts p) as p, (
            select count(*), coalesce(sum(amount_fen - merchant_fee_fen), 0)::bigint - (
                    select coalesce(sum(amount_fen - merchant_fee_fen), 0)::bigint from refunds
                    where status = 'succeeded' and settlement_id is null) as amount
            from orders where paid_at is not null and settlement_id is null) as o
        """

    public func bind(_ bindings: inout PostgresBindings) {}

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            settlements: try row.int64(0), net: try row.money(1), paidOut: try row.int64(2),
            paidOutAmount: try row.money(3), inquired: try row.int64(4),
            unpaid: try row.int64(5), unsettled: try row.int64(6),
            unsettledAmount: try row.money(7))
    }
}
