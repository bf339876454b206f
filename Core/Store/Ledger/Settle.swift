import Events
public import Payments
public import Postgres

/// Settles every merchant's matched orders and refunds that aren't settled yet: one settlement a
/// merchant, one item for each order and refund. A row for each settlement.
///
/// An item's key is its order and refund number, so nothing is settled twice.
public struct SettleMatched: PostgresStatement {
    /// A new settlement.
    public struct Row: Sendable, Equatable {
        /// The settlement's number.
        public let settlementID: String
        /// The merchant's party number.
        public let merchantNo: String
        /// The merchant's net; a negative one is carried into the next settlement.
        public let net: Money
    }

    let reconciliationID: String
    let day: BusinessDay
    let now: Timestamp

    /// Run after the reconciliation of `day`.
    public init(reconciliationID: String, day: BusinessDay, now: Timestamp) {
        self.reconciliationID = reconciliationID
        self.day = day
        self.now = now
    }

    public static let sql = """
        with item as (
            select o.merchant_no, o.order_no, '' as refund_no, o.amount_fen,
                fee_fen(o.amount_fen, o.chain_rates_ppm[cardinality(o.chain_rates_ppm)])
                    as merchant_fee,
                fee_fen(o.amount_fen, o.chain_rates_ppm[1]) as channel_fee,
                agent_shares_fen(o.amount_fen, o.chain_rates_ppm) as agent_shares,
                fee_fen(o.amount_fen, o.chain_rates_ppm[2])
                    - fee_fen(o.amount_fen, o.chain_rates_ppm[1]) as platform_share
            from orders o where o.matched_day is not null and o.settlement_id is null
            union all
            select r.merchant_no, r.order_no, r.refund_no, -r.amount_fen, -r.merchant_fee_fen,
                -r.channel_fee_fen, array(
                    select before - after from unnest(
                        agent_shares_fen(r.refunded_before_fen, o.chain_rates_ppm),
                        agent_shares_fen(r.refunded_before_fen + r.amount_fen,
                            o.chain_rates_ppm)) with ordinality as s (before, after, level)
                    order by level),
                -r.platform_share_fen
            from refunds r join orders o using (order_no)
            where r.matched_day is not null and r.settlement_id is null
        ), total as (
            select merchant_no,
                'S' || to_char($2::text::date, 'YYYYMMDD') || '-' || merchant_no || '-'
                    || right($1, 8) as settlement_id,
                count(*) filter (where refund_no = '') as orders,
                count(*) filter (where refund_no <> '') as refunds,
                coalesce(sum(amount_fen) filter (where refund_no = ''), 0) as gross,
                coalesce(-sum(amount_fen) filter (where refund_no <> ''), 0) as refunded,
                sum(merchant_fee) as merchant_fee, sum(channel_fee) as channel_fee,
                sum(merchant_fee - channel_fee - platform_share) as agent_share,
                sum(platform_share) as platform_share
            from item group by merchant_no
        ), carried as (
            update settlements s set carried_to = t.settlement_id from total t
            where s.merchant_no = t.merchant_no and s.net_fen < 0 and s.carried_to is null
            returning s.merchant_no, s.net_fen
        ), brought as (
            select merchant_no, sum(net_fen) as net from carried group by merchant_no
        ), made as (
            insert into settlements (settlement_id, reconciliation_id, merchant_no, day,
                order_count, refund_count, gross_fen, refunded_fen, merchant_fee_fen,
                channel_fee_fen, agent_share_fen, platform_share_fen, carried_in_fen, net_fen,
                settled_at)
            select t.settlement_id, $1, t.merchant_no, $2::text::date, orders, refunds, gross,
                refunded, merchant_fee, channel_fee, agent_share, platform_share,
                coalesce(b.net, 0), gross - refunded - merchant_fee + coalesce(b.net, 0),
                $3::timestamptz
            from total t left join brought b using (merchant_no)
            returning settlement_id, merchant_no, net_fen
        ), items as (
            insert into settlement_items (order_no, refund_no, settlement_id, amount_fen,
                merchant_fee_fen, channel_fee_fen, agent_shares_fen, platform_share_fen)
            select i.order_no, i.refund_no, t.settlement_id, i.amount_fen, i.merchant_fee,
                i.channel_fee, i.agent_shares, i.platform_share
            from item i join total t using (merchant_no)
        ), marked_orders as (
            update orders o set settlement_id = t.settlement_id
            from item i join total t using (merchant_no)
            where i.refund_no = '' and o.order_no = i.order_no
        ), marked_refunds as (
            update refunds r set settlement_id = t.settlement_id
            from item i join total t using (merchant_no)
            where i.refund_no <> '' and r.order_no = i.order_no and r.refund_no = i.refund_no
        )
        select settlement_id, merchant_no, net_fen from made order by settlement_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(reconciliationID)
        bindings.append(day)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            settlementID: try row.text(0), merchantNo: try row.text(1), net: try row.money(2))
    }
}

/// The entries of settlements' journals: the amounts of the merchant, each agent, the platform and
/// the channel, those of zero left out.
public struct SettlementParts: PostgresStatement {
    /// An entry of a settlement's journal.
    public struct Row: Sendable, Equatable {
        /// The settlement.
        public let settlementID: String
        /// The account and its amount.
        public let entry: Journal.Entry
    }

    let settlementIDs: [String]
    /// Settlements of this transaction.
    public init(_ settlementIDs: [String]) { self.settlementIDs = settlementIDs }

    public static let sql = """
        with item as (
            select i.*, o.merchant_no, o.chain_party_nos
            from settlement_items i join orders o using (order_no)
            where i.settlement_id = any($1)
        ), part as (
            select settlement_id, '\(AccountKind.channelReceivable.rawValue)' as kind,
                null as party_no,
                amount_fen - channel_fee_fen as amount from item
            union all
            select settlement_id, '\(AccountKind.merchantPayable.rawValue)', merchant_no,
                merchant_fee_fen - amount_fen from item
            union all
            select settlement_id, '\(AccountKind.agentPayable.rawValue)',
                chain_party_nos[level + 1], -share
            from item, unnest(agent_shares_fen) with ordinality as s (share, level)
            union all
            select settlement_id, '\(AccountKind.platformRevenue.rawValue)', null,
                -platform_share_fen from item
        )
        select settlement_id, kind, party_no, sum(amount)::bigint from part
        group by settlement_id, kind, party_no having sum(amount) <> 0
        order by settlement_id, kind, party_no
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(settlementIDs) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let (kind, partyNo) = (try row.text(1), try row.textOrNull(2))
        guard let account = AccountKind(rawValue: kind).flatMap({ Account($0, partyNo: partyNo) })
        else { throw PostgresError.decoding("'\(kind)' is not an account of the ledger") }
        return Row(settlementID: try row.text(0), entry: .init(account, try row.money(3)))
    }
}
