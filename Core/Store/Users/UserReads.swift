import Payments
public import Postgres

/// Every user, by login.
public struct AllUsers: PostgresStatement {
    /// All of them.
    public init() {}
    public static let sql = "select \(User.columns) from users order by login"
    public func bind(_ bindings: inout PostgresBindings) {}
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> User {
        try User.decode(row)
    }
}

/// A user by login; no row for an unknown one.
public struct UserByLogin: PostgresStatement {
    let login: String
    /// The login, lower case.
    public init(_ login: String) { self.login = login }
    public static let sql = "select \(User.columns) from users where login = $1"
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(login) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> User {
        try User.decode(row)
    }
}

/// The merchants of a party's subtree, itself included.
public struct MerchantsOfSubtree: PostgresStatement {
    let partyNo: String
    /// The subtree's top: an agent or a merchant.
    public init(_ partyNo: String) { self.partyNo = partyNo }

    public static let sql = """
        with recursive subtree as (
            select party_no, kind from parties where party_no = $1
            union
            select p.party_no, p.kind from parties p join subtree s on p.parent_no = s.party_no
        )
        select party_no from subtree where kind = 'merchant' order by party_no
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// A party's kind: `platform`, `agent` or `merchant`; no row for an unknown party.
public struct KindOfParty: PostgresStatement {
    let partyNo: String
    /// The party's number.
    public init(_ partyNo: String) { self.partyNo = partyNo }
    public static let sql = "select kind from parties where party_no = $1"
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
