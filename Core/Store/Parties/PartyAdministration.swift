public import Payments
public import Postgres

/// Parties as operators see them, with the party above each, by number.
public struct PartyList: PostgresStatement {
    /// A party.
    public struct Row: Sendable {
        /// The party's number; never reused.
        public let partyNo: String
        /// Platform, agent or merchant.
        public let kind: PutParty.Kind
        /// The party above it; `nil` for the platform.
        public let parentNo: String?
        /// Its name.
        public let name: String
        /// `active`, `suspended` or `closed`.
        public let status: String
        /// The nearest party above it that isn't active: its orders are refused as well.
        public let frozenBy: String?
        /// Where its deliveries go; `nil` where it receives none.
        public let callbackURL: String?
    }

    let kind: String?
    let parentNo: String?
    let partyNo: String?
    let after: String
    let limit: Int32

    /// - Parameters:
    ///   - kind: only of this kind; `nil` for all.
    ///   - parentNo: only those directly below this party.
    ///   - partyNo: only this one.
    ///   - after: the last party of the page before; empty at first.
    public init(
        kind: PutParty.Kind? = nil, parentNo: String? = nil, partyNo: String? = nil,
        after: String = "", limit: Int
    ) {
        self.kind = kind?.rawValue
        self.parentNo = parentNo
        self.partyNo = partyNo
        self.after = after
        self.limit = Int32(limit)
    }

    public static let sql = """
        select p.party_no, p.kind, p.parent_no, p.name, p.status, (
                with recursive up as (
                    select a.party_no, a.parent_no, a.status, 1 as depth from parties a
                    where a.party_no = p.parent_no
                    union all
                    select a.party_no, a.parent_no, a.status, up.depth + 1
                    from up join parties a on a.party_no = up.parent_no where up.depth < 32
                ) select party_no from up where status <> 'active' order by depth limit 1),
            p.callback_url
        from parties p
        where ($1::text is null or p.kind = $1) and ($2::text is null or p.parent_no = $2)
            and ($3::text is null or p.party_no = $3) and p.party_no > $4
        order by p.party_no limit $5
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(kind)
        bindings.append(parentNo)
        bindings.append(partyNo)
        bindings.append(after)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let kind = try row.text(1)
        guard let known = PutParty.Kind(rawValue: kind) else {
            throw PostgresError.decoding("'\(kind)' is not a kind of party")
        }
        return Row(
            partyNo: try row.text(0), kind: known, parentNo: try row.textOrNull(2),
            name: try row.text(3), status: try row.text(4), frozenBy: try row.textOrNull(5),
            callbackURL: try row.textOrNull(6))
    }
}

/// Adds a party below another, or the platform where there is none yet. A row if it was added; none
/// where the number was ever used, or the party above isn't there or is a merchant.
public struct AddParty: PostgresStatement {
    let party: PutParty
    let actor: String
    let now: Timestamp

    /// - Parameter party: whose parent is `nil` for the platform only.
    public init(_ party: PutParty, actor: String, now: Timestamp) {
        self.party = party
        self.actor = actor
        self.now = now
    }

    public static let sql = """
        with made as (
            insert into parties
                (party_no, kind, parent_no, name, callback_url, requires_agent_signatures)
            select $1, $2, $3, $4, $5, $6
            where case when $2 = 'platform'
                then $3 is null and not exists (select from parties where kind = 'platform')
                else exists (select from parties u where u.party_no = $3
                    and u.kind <> 'merchant' and u.status <> 'closed') end
            on conflict do nothing
            returning party_no
        )
        insert into audit_log (actor, action, subject, detail, at)
        select $7, 'party.add', party_no, concat_ws(' below ', $2, $3), $8 from made
        returning subject
        """

    public func bind(_ bindings: inout PostgresBindings) {
        party.bind(&bindings)
        bindings.append(actor)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Freezes a party, and with it all below it, or thaws it. A row if its status changed.
public struct SetPartyStatus: PostgresStatement {
    let partyNo: String
    let isFrozen: Bool
    let actor: String
    let reason: String
    let now: Timestamp

    /// - Parameters:
    ///   - isFrozen: whether its next order is refused, and those of all below it.
    ///   - reason: for the audit log; may be empty.
    public init(partyNo: String, isFrozen: Bool, actor: String, reason: String, now: Timestamp) {
        self.partyNo = partyNo
        self.isFrozen = isFrozen
        self.actor = actor
        self.reason = reason
        self.now = now
    }

    public static let sql = """
        with changed as (
            update parties set status = case when $2 then 'suspended' else 'active' end
            where party_no = $1 and status = case when $2 then 'active' else 'suspended' end
            returning party_no, status
        )
        insert into audit_log (actor, action, subject, detail, at)
        select $3, case when $2 then 'party.freeze' else 'party.thaw' end, party_no, $4, $5
        from changed
        returning subject
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(isFrozen)
        bindings.append(actor)
        bindings.append(reason)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
