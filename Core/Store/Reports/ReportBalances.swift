public import Payments
public import Postgres

/// The balances of the ledger's accounts at the end of a day.
public struct ReportBalances: PostgresStatement {
    /// An account.
    public struct Row: Sendable {
        /// One of `AccountKind`.
        public let kind: String
        /// The party of a payable; `nil` for other accounts.
        public let partyNo: String?
        /// The party's name.
        public let partyName: String?
        /// The sum of its debits.
        public let debits: Money
        /// The sum of its credits, above zero.
        public let credits: Money
    }

    let before: Timestamp

    /// - Parameter day: what was posted after it isn't counted.
    public init(endOf day: BusinessDay) { before = day.end }

    public static let sql = """
        select a.kind, a.party_no, p.name,
            coalesce(sum(e.amount_fen) filter (where e.amount_fen > 0), 0)::bigint,
            coalesce(-sum(e.amount_fen) filter (where e.amount_fen < 0), 0)::bigint
        from journals j join journal_entries e using (journal_id) join accounts a using (account)
            left join parties p on p.party_no = a.party_no
        where j.posted_at < $1
        group by a.account, a.kind, a.party_no, p.name order by a.kind, a.party_no
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(before) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            kind: try row.text(0), partyNo: try row.textOrNull(1),
            partyName: try row.textOrNull(2), debits: try row.money(3),
            credits: try row.money(4))
    }
}
