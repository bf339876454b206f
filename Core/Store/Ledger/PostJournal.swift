public import Payments
public import Postgres

/// An account of the books.
public struct Account: Sendable, Hashable {
    /// What it holds, for example `merchant_payable`.
    public let kind: String
    /// Whose, where that matters.
    public let partyNo: String?

    /// An account by kind and party.
    public init(_ kind: String, partyNo: String? = nil) {
        self.kind = kind
        self.partyNo = partyNo
    }

    /// `kind` or `kind:party_no`.
    public var name: String { partyNo.map { "\(kind):\($0)" } ?? kind }
}

/// Posts a journal: once for each kind and reference, however often it is called.
public struct PostJournal: PostgresStatement {
    let kind: String
    let reference: String
    let entries: [(account: Account, amount: Money)]
    let now: Timestamp

    /// - Parameters:
    ///   - reference: the settlement or payout; with `kind` it is the natural key.
    ///   - journal: has been checked to balance; its account names are those of `accounts`.
    public init(
        kind: String, reference: String, entries: [(account: Account, amount: Money)],
        now: Timestamp
    ) throws(JournalError) {
        // Checks that it balances; the database checks again at commit.
        _ = try Journal(
            entries: entries.map { JournalEntry(account: $0.account.name, amount: $0.amount) })
        self.kind = kind
        self.reference = reference
        self.entries = entries
        self.now = now
    }

    public static let sql = """
        with account_rows as (
            insert into accounts (account, kind, party_no)
            select distinct account, kind, party_no
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
        bindings.append(kind)
        bindings.append(reference)
        bindings.append(entries.map(\.account.name))
        bindings.append(entries.map(\.account.kind))
        bindings.append(entries.map(\.account.partyNo))
        bindings.append(entries.map(\.amount))
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}
