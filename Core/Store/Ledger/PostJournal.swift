public import Payments
public import Postgres

/// Posts a journal: once for each kind and reference, however often it is called. A row for each
/// entry posted; none where the journal was there.
public struct PostJournal: PostgresStatement {
    /// What is posted.
    public let journal: Journal
    let now: Timestamp

    /// The database checks again at commit that the journal balances.
    public init(_ journal: Journal, now: Timestamp) {
        self.journal = journal
        self.now = now
    }

    public static let sql = """
        with account_rows as (
            insert into accounts (account, kind, party_no)
            select account, kind, party_no
            from unnest($3::text[], $4::text[], $5::text[]) as n (account, kind, party_no)
            on conflict do nothing
        ), posted as (
            insert into journals (kind, reference, posted_at) values ($1, $2, $7)
            on conflict do nothing returning journal_id
        )
        insert into journal_entries (journal_id, account, amount_fen)
        select journal_id, account, amount
        from posted, unnest($3::text[], $6::bigint[]) as n (account, amount)
        returning journal_id
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(journal.kind.rawValue)
        bindings.append(journal.reference)
        bindings.append(journal.entries.map(\.account.name))
        bindings.append(journal.entries.map(\.account.kind.rawValue))
        bindings.append(journal.entries.map(\.account.partyNo))
        bindings.append(journal.entries.map(\.amount))
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}
